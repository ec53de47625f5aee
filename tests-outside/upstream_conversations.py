"""The recording provider's conversations in OpenAI's format: made, looked at, deleted, and their items. `responses` adds to them."""

import urllib.parse

ADDRESS = "/v1/conversations"


def serves(path):
    return path.split("?")[0] == ADDRESS or path.startswith(f"{ADDRESS}/")


def add(conversation, items):
    """Items with the names that the provider gives them."""
    at = len(conversation["items"]) + 1
    added = [{"type": "message", "status": "completed", **item, "id": f"msg_{at + n:03}", "content": parts(item)} for n, item in enumerate(items)]
    conversation["items"].extend(added)
    return added


def parts(item):
    content = item.get("content", "")
    return [{"type": "input_text", "text": content}] if isinstance(content, str) else content


def answer(kept, method, path, document):
    """Status and body."""
    name, _, rest = path.split("?")[0].removeprefix(ADDRESS).strip("/").partition("/")
    if not name:
        name = f"conv_{len(kept) + 1:03}"
        kept[name] = {"items": [], "metadata": document.get("metadata") or {}}
        add(kept[name], document.get("items") or [])
        return 200, shown(kept, name)
    if name not in kept:
        return 404, {"error": {"message": "no such conversation", "type": "invalid_request_error", "param": None, "code": None}}
    if method == "DELETE" and not rest:
        del kept[name]
        return 200, {"id": name, "object": "conversation.deleted", "deleted": True}
    if rest == "items" and method == "POST":
        return 200, page(add(kept[name], document["items"]), False)
    if rest == "items":
        return 200, listed(kept[name], dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(path).query)))
    if rest:
        return of_item(kept, name, method, rest.removeprefix("items/"))
    return 200, shown(kept, name)


def listed(conversation, asked):
    items = conversation["items"] if asked.get("order") == "asc" else conversation["items"][::-1]
    ids = [item["id"] for item in items]
    begin = ids.index(asked["after"]) + 1 if "after" in asked else 0
    limit = int(asked.get("limit", 20))
    return page(items[begin : begin + limit], len(items) > begin + limit)


def page(items, has_more):
    first, last = (items[0]["id"], items[-1]["id"]) if items else (None, None)
    return {"object": "list", "data": items, "first_id": first, "last_id": last, "has_more": has_more}


def of_item(kept, name, method, item):
    items = kept[name]["items"]
    found = [known for known in items if known["id"] == item]
    if not found:
        return 404, {"error": {"message": "no such item", "type": "invalid_request_error", "param": None, "code": None}}
    if method == "DELETE":
        items.remove(found[0])
        return 200, shown(kept, name)
    return 200, found[0]


def shown(kept, name):
    return {"id": name, "object": "conversation", "created_at": 1, "metadata": kept[name]["metadata"]}
