"""What people see. Each page puts together what several features know; nothing is decided here."""

from app.pages.administration import ADMINISTRATION
from app.pages.answers import answers
from app.pages.board import board
from app.pages.catalogue import the_catalogue
from app.pages.delivering import delivering
from app.pages.gift import gift_pages
from app.pages.gift_editing import gift_editing
from app.pages.gift_materials import gift_materials
from app.pages.giving import giving_pages
from app.pages.handover import one_handover
from app.pages.help import help_pages
from app.pages.imports import importing
from app.pages.journey import journey
from app.pages.mail_answers import answering_by_mail
from app.pages.my_mail import mail_pages
from app.pages.network_editing import network_editing
from app.pages.networks import all_networks
from app.pages.notifications import messages
from app.pages.person import person_pages
from app.pages.queue import front
from app.pages.unit import unit_pages

PAGES = (
    front,
    messages,
    one_handover,
    answers,
    journey,
    giving_pages,
    board,
    the_catalogue,
    gift_pages,
    all_networks,
    network_editing,
    gift_editing,
    gift_materials,
    delivering,
    *ADMINISTRATION,
    unit_pages,
    person_pages,
    mail_pages,
    answering_by_mail,
    help_pages,
    importing,
)
