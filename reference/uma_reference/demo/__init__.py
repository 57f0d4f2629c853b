"""A whole deployment to try UMA with: one authorization server, two resource servers, a client."""
