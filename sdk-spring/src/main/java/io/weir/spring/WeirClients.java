package io.weir.spring;

import io.weir.reactive.PeerCalls;

/** Makes clients of annotated interfaces, for peers that are known only when the program runs. A bean. Any thread. */
public interface WeirClients {

    /**
     * A client of that interface, whose {@link WeirClient} annotation is not looked at and may be missing.
     *
     * @param peer whom its methods ask
     * @throws IllegalArgumentException if a method of it can be no call; the message says which, and what one looks like
     */
    <T> T create(Class<T> type, PeerCalls peer);
}
