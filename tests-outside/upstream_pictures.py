"""The recording provider for pictures: it repeats what it was asked for beside a picture of one point."""

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
USAGE = {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18, "input_tokens_details": {"text_tokens": 11, "image_tokens": 0}}


def whole(request):
    by_address = request.get("response_format") == "url"
    picture = {"url": "https://voorbeeld.nl/a.png"} if by_address else {"b64_json": PICTURE}
    data = [{**picture, "revised_prompt": request["prompt"]} for _ in range(request.get("n") or 1)]
    return {"created": 1, "data": data, "size": "1024x1024", "usage": USAGE}


def events(request):
    about = {"created_at": 1, "size": "1024x1024", "quality": "low", "background": "opaque", "output_format": "png"}
    for index in range(request.get("partial_images") or 0):
        yield {"type": "image_generation.partial_image", "b64_json": PICTURE, "partial_image_index": index, **about}
    yield {"type": "image_generation.completed", "b64_json": PICTURE, "usage": USAGE, **about}
