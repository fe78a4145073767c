package io.weir.reactive.session;

import io.weir.reactive.PeerNodeSpec;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Where two nodes of the {@link StreamContract} live, and how time passes there. */
public interface StreamWorld {

    /** Who listens. */
    PeerNodeSpec server();

    /** Who dials. */
    PeerNodeSpec client();

    /** Waits for a value. */
    <T> T await(Mono<T> mono);

    /** The source, with time that passes while somebody waits for its end. */
    <T> Flux<T> within(Publisher<T> source);

    /** Waits until the condition holds. */
    void awaitTrue(BooleanSupplier condition);

    /** Lets that much time pass. */
    void pass(Duration duration);
}
