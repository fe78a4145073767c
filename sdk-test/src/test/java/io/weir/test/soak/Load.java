package io.weir.test.soak;

import reactor.core.publisher.Mono;

/** Work that goes on until it is told to stop, and counts what it began and how that ended. */
interface Load extends AutoCloseable {

    /** All of it until {@link #stop}, then until what was begun has ended; fails with whatever goes wrong. */
    Mono<Void> run();

    /** Whether each kind of its work has come to something. */
    boolean hasDoneSome();

    /** Begins nothing more. */
    void stop();

    /** Once it has ended: what was begun is what was done, and when all peers have gone nothing is left of them. May wait. */
    void check();

    @Override
    void close();
}
