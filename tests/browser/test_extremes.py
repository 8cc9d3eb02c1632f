"""The longest words that may be written, and a window as narrow as they come."""

from tests.browser.looks import ARE_KEPT, keep_picture, overflow

LONGEST = "Sammenhængskraftsudviklingsforløb" * 6
NARROW = {"width": 320, "height": 700}


def test_the_longest_words_fit_the_narrowest_window(open_window):
    window = open_window(size="phone")
    window.sign_in_as("Karin Solbjerg")
    handover_id, gift_id, network_id, unit_id = given_at_length(window)
    window.page.set_viewport_size(NARROW)

    pages = {
        "queue": "/",
        "board": "/board",
        "handover": f"/handovers/{handover_id}",
        "gift": f"/gifts/{gift_id}",
        "catalogue": "/catalogue",
        "network": f"/networks/{network_id}",
        "unit": f"/units/{unit_id}",
    }
    for name, path in pages.items():
        window.go(path)
        if ARE_KEPT:
            keep_picture(window.page, f"longest-{name}")
        assert overflow(window.page) <= 0, path


def given_at_length(window) -> tuple[int, int, int, int]:
    """A gift of a network to a unit, all of them named at the greatest length."""

    def asked(method: str, path: str, body: object = None) -> dict:
        status, answer = window.page.evaluate(_FETCH, [method, f"/api/v1{path}", body])
        assert status < 300, (path, answer)
        return answer

    def post(path: str, **body: object) -> dict:
        return asked("POST", path, body)

    me = asked("GET", "/me")["id"]
    unit_id = post("/units", name=LONGEST)["id"]
    person_id = post("/people", name=LONGEST, mail="lang@lindborg.example", unit_id=unit_id)["id"]
    post(f"/units/{unit_id}/posts", person_id=person_id, kind="leader")
    question = f"{LONGEST}?"
    network = {"name": LONGEST, "kind": "welfare", "question": question, "starts_on": "2026-01-01"}
    network_id = post("/networks", **network)["id"]
    fields = ("summary", "citizen_value", "ask", "target_group", "success_criterion", "baseline")
    words = dict.fromkeys((*fields, "how_to_continue"), f"{LONGEST} {LONGEST}")
    gift_id = post("/gifts", network_id=network_id, title=LONGEST, **words)["id"]
    post(f"/gifts/{gift_id}/contacts", person_id=me)
    handover_id = post("/handovers", gift_id=gift_id, unit_id=unit_id)["id"]
    post(f"/handovers/{handover_id}/delivery", ripple={"answer": "none"})
    return handover_id, gift_id, network_id, unit_id


_FETCH = """async ([method, path, body]) => {
  const headers = { "Content-Type": "application/json", "If-Match": "*" };
  const sent = body === null ? { headers } : { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(path, sent);
  return [answer.status, await answer.json()];
}"""
