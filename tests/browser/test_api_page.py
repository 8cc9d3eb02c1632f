"""The page on which the API is tried, under the same policy as every other."""

from playwright.sync_api import expect


def test_the_api_is_tried_from_its_page_and_the_browser_complains_of_nothing(open_window):
    window = open_window()
    answer = window.go("/api")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "img-src 'self' data:;" in policy

    page = window.page
    page.locator("#operations-tag-people").click()
    page.locator(".opblock-summary", has_text="/api/v1/me").first.click()
    with window.refusing(401):
        page.get_by_role("button", name="Execute").click()
        expect(page.locator(".live-responses-table")).to_contain_text("not_signed_in")
