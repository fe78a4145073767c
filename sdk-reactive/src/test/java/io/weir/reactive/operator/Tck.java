package io.weir.reactive.operator;

import org.reactivestreams.tck.TestEnvironment;

/** How long the verifications of the Reactive Streams TCK wait. */
final class Tck {

    /** For what has to come, in ms: what is right does not take it, and a machine with other work may take a part of it. */
    private static final long PATIENCE_MILLIS = 10_000;

    /** For what must not come, in ms, which is waited for whole. */
    private static final long SILENCE_MILLIS = 50;

    private Tck() {}

    static TestEnvironment environment() {
        return new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS, SILENCE_MILLIS);
    }
}
