package io.weir.metrics.observation;

import io.weir.reactive.Interaction.Kind;

/**
 * What is observed: each name, and from when until when. {@code client} is the side that begins, {@code server} the one whose
 * handler is called. {@code docs-site/metrics.md} prints this table.
 */
public enum WeirObservation {
    /** Of {@link io.weir.reactive.PeerCalls#request}. */
    CLIENT_REQUEST(
            "weir.client.request",
            "a request of this node: from its subscription to the answer, a failure or its cancellation"),
    /** Of a {@link io.weir.reactive.RequestHandler}. */
    SERVER_REQUEST("weir.server.request", "a request of a peer: while its handler works for the answer"),
    /** Of {@link io.weir.reactive.PeerCalls#send}. */
    CLIENT_MESSAGE("weir.client.message", "a one-way message of this node: until it is written"),
    /** Of a {@link io.weir.reactive.MessageHandler}. */
    SERVER_MESSAGE("weir.server.message", "a one-way message of a peer: while its handler works"),
    /** Of {@link io.weir.reactive.PeerSession#openStream}. */
    CLIENT_STREAM(
            "weir.client.stream", "a stream that this node opens: from its first use until both halves have ended"),
    /** Of a {@link io.weir.reactive.StreamHandler}. */
    SERVER_STREAM("weir.server.stream", "a stream or exchange of a peer: while its handler's publisher runs"),
    /** Of {@link io.weir.reactive.PeerCalls#subscribe}. */
    CLIENT_SUBSCRIPTION("weir.client.subscription", "a subscription of this node, from the first signal to the last"),
    /** Of {@link io.weir.reactive.PeerCalls#exchange}. */
    CLIENT_EXCHANGE("weir.client.exchange", "an exchange of this node: from its subscription to its end"),
    /** Of {@link io.weir.reactive.PeerNode#connect}, and of peers that are kept. */
    CLIENT_CONNECT("weir.client.connect", "a dial: until there is a session, or none"),
    /** Of a listener. */
    SERVER_CONNECT("weir.server.connect", "an inbound connection: until there is a session, or none");

    private final String observed;
    private final String span;

    WeirObservation(String observed, String span) {
        this.observed = observed;
        this.span = span;
    }

    /** The name of the observation, and so of the timer that is made of it. */
    public String observationName() {
        return observed;
    }

    /** What it spans. */
    public String span() {
        return span;
    }

    /** What one side of an interaction is observed as. */
    static WeirObservation of(Kind kind, boolean byPeer) {
        return switch (kind) {
            case REQUEST -> byPeer ? SERVER_REQUEST : CLIENT_REQUEST;
            case MESSAGE -> byPeer ? SERVER_MESSAGE : CLIENT_MESSAGE;
            case STREAM -> byPeer ? SERVER_STREAM : CLIENT_STREAM;
            case SUBSCRIPTION -> byPeer ? SERVER_STREAM : CLIENT_SUBSCRIPTION;
            case EXCHANGE -> byPeer ? SERVER_STREAM : CLIENT_EXCHANGE;
        };
    }
}
