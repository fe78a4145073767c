package io.weir.reactive.session.dispatch;

import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.Interceptor;
import io.weir.reactive.PeerSession;
import java.util.List;
import java.util.Objects;
import reactor.util.context.Context;

/** The interceptors of a node, in order. Who has none asks {@link #isEmpty} and is done. Immutable. */
public final class Interceptors {

    private final List<Interceptor> all;

    public Interceptors(List<Interceptor> all) {
        this.all = List.copyOf(all);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * What all of them have made of it. What one throws is thrown, and those before it hear it as the end.
     *
     * @param byPeer whether a handler is about to be called
     */
    public Seen see(
            Interaction.Kind kind, boolean byPeer, PeerSession session, String name, Headers headers, Context context) {
        Seen first = new Seen(kind, byPeer, session, name, headers, context);
        Seen seen = first;
        try {
            for (Interceptor interceptor : all) {
                Interaction next = Objects.requireNonNull(
                        interceptor.intercept(seen), "an interceptor returned null, must be an interaction");
                if (!(next instanceof Seen made) || !made.isOf(first)) {
                    throw new IllegalArgumentException(
                            "an interceptor returned another interaction than the one it was given: " + next);
                }
                seen = made;
            }
        } catch (Throwable e) {
            seen.failed(e);
            throw e;
        }
        return seen;
    }
}
