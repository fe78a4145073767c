package io.weir.reactive.balance;

/** What is counted apart: a stream may last for days, and says nothing of how busy its peer is with requests. */
enum Kind {
    /** Requests and one-way messages. */
    REQUEST,
    /** Subscriptions, exchanges, and whatever else is made of a session. */
    STREAM
}
