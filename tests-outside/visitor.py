"""A person with a browser that runs no scripts: cookies, links and forms."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Forms(HTMLParser):
    """The forms of a page with the values that they would send, and the text of elements with a class."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.words = {}
        self.open = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "fields": {}})
        elif tag == "input" and self.forms and attributes.get("name"):
            if attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes:
                self.forms[-1]["fields"][attributes["name"]] = attributes.get("value", "")
        if tag not in ("input", "br", "meta", "link", "img", "hr"):
            self.open.append((tag, (attributes.get("class") or "").split()))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text):
        for _, classes in self.open:
            for name in classes:
                self.words.setdefault(name, []).append(text.strip())


class Visitor:
    def __init__(self, address):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, path, fields=None, timeout=30):
        """(status, page) of a link, or of a form that is sent."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(urllib.parse.urljoin(self.address, path), data=data, headers={"origin": self.address} if data else {})
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def form(self, path, action):
        """The fields of the form on a page that goes to `action`."""
        _, page = self.open(path)
        for form in Forms(page).forms:
            if form["action"].split("?")[0] == action:
                return dict(form["fields"])
        raise AssertionError(f"{path} has no form that goes to {action}")

    def ask(self, right="information", question="", reply_to=""):
        """Sends the form for a right; gives the reference on the receipt."""
        fields = self.form("/rights", "/rights")
        return self.send(fields, right, question, reply_to)

    def send(self, fields, right, question="", reply_to=""):
        status, page = self.open("/rights", {**fields, "right": right, "question": question, "reply_to": reply_to})
        references = Forms(page).words.get("reference", [])
        if status != 200 or not references:
            raise AssertionError(f"no receipt: {status}")
        return references[0]
