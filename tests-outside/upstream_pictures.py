"""The recording provider for pictures: it repeats what it was asked for beside a picture of one point."""

import upstream_forms

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
USAGE = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18, "input_tokens_details": {"text_tokens": 11, "image_tokens": 0}}


def of_form(headers, body):
    """A form as the document that it could have been, and its files: field, name, media type, bytes."""
    request, files = {}, []
    for name, file_name, kind, content in upstream_forms.parts(headers, body):
        if file_name:
            files.append((name, file_name, kind, content))
        else:
            request[name] = content.decode()
    for number in ("n", "partial_images"):
        if number in request:
            request[number] = int(request[number])
    return request | {"stream": request.get("stream") == "true", "files": files}


def whole(request):
    by_address = request.get("response_format") == "url"
    picture = {"url": "https://voorbeeld.nl/a.png"} if by_address else {"b64_json": PICTURE}
    data = [{**picture, "revised_prompt": request.get("prompt")} for _ in range(request.get("n") or 1)]
    return {"created": 1, "data": data, "size": "1024x1024", "usage": USAGE}


def events(request, kind):
    about = {"created_at": 1, "size": "1024x1024", "quality": "low", "background": "opaque", "output_format": "png"}
    for index in range(request.get("partial_images") or 0):
        yield {"type": f"{kind}.partial_image", "b64_json": PICTURE, "partial_image_index": index, **about}
    yield {"type": f"{kind}.completed", "b64_json": PICTURE, "usage": USAGE, **about}
