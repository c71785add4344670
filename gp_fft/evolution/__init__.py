"""Evolution: the loop and all around it that asks of a problem's members only their error, cost, text and dict."""
