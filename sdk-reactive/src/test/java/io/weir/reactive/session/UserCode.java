package io.weir.reactive.session;

import io.weir.core.error.WeirException;
import io.weir.reactive.PeerNodeSpec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/**
 * The places where a session calls its users' code, each with what happens there when that throws. The client opens, asks
 * and sends; the server has the handlers.
 *
 * @param ends whose session a fatal error ends
 * @param ordinary what the innocent party hears of any other
 */
record UserCode(
        String name, Ends ends, String ordinary, Function<Scene, UnaryOperator<PeerNodeSpec>> server, Act client) {

    /** Whose session a fatal error ends, with INTERNAL. */
    enum Ends {
        SERVER,
        CLIENT,
        NOBODY
    }

    interface Act {
        void on(NodePair pair, Scene scene);
    }

    /** One run. */
    static final class Scene {
        final Blow blow;
        final AtomicReference<@Nullable String> innocent = new AtomicReference<>();

        @Nullable
        NodePair pair;

        Scene(Blow blow) {
            this.blow = blow;
        }

        /** The end of that is what the innocent party hears. */
        void watch(Publisher<?> publisher) {
            Flux.from(publisher).subscribe(v -> {}, e -> innocent.set(codeOf(e)), () -> innocent.set("completed"));
        }

        void heard(String what) {
            innocent.set(what);
        }

        Scheduler scheduler() {
            return Objects.requireNonNull(pair).time;
        }

        static String codeOf(Throwable e) {
            return e instanceof WeirException known
                    ? known.reason().error().name()
                    : e.getClass().getSimpleName();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    static final UnaryOperator<PeerNodeSpec> NO_HANDLERS = spec -> spec;
    static final String NOTHING = "nothing";

    /** A call of the client's own code. */
    static UserCode atClient(String name, String ordinary, Act client) {
        return new UserCode(name, Ends.CLIENT, ordinary, scene -> NO_HANDLERS, client);
    }

    static List<UserCode> places() {
        return Stream.of(StreamCode.places(), MessageCode.places(), NodeCode.places())
                .flatMap(List::stream)
                .toList();
    }
}
