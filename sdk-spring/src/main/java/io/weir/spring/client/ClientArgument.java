package io.weir.spring.client;

import org.jspecify.annotations.Nullable;

/** What one argument of a client's method does to its call. */
@FunctionalInterface
interface ClientArgument {

    /** Given this; null was given as such. */
    void on(Outgoing call, @Nullable Object given);
}
