package io.weir.reactive.routes;

import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.SessionState;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A session of which there is what a route asks for: its stream is open, silent and takes nothing until it ends. */
final class FakeSession {

    final PeerSession session;
    final PeerStream stream;
    SessionState state = SessionState.READY;
    final Sinks.Empty<Void> sent = Sinks.empty();

    FakeSession(long id, PeerId peer) {
        stream = fake(
                PeerStream.class, Map.of("send", sent::asMono, "receive", Flux::never, "toString", () -> "stream"));
        session = fake(
                PeerSession.class,
                Map.of(
                        "id", () -> id,
                        "peer", () -> peer,
                        "state", () -> state,
                        "onDrain", Mono::never,
                        "openStream", () -> stream,
                        "toString", () -> "session " + id));
    }

    void end() {
        state = SessionState.CLOSED;
        sent.tryEmitEmpty();
    }

    private static <T> T fake(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
            Supplier<Object> answer = answers.get(method.getName());
            if (answer == null) {
                throw new UnsupportedOperationException(method.getName());
            }
            return answer.get();
        }));
    }
}
