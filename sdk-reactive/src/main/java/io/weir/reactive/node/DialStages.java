package io.weir.reactive.node;

import io.weir.reactive.DialStage;
import io.weir.reactive.transport.DialProgress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** The stages of one dial, told to all that wait for it. The dial tells serially; any thread may begin to listen. */
final class DialStages implements DialProgress {

    private final Sinks.Many<DialStage> told = Sinks.many().replay().latest();

    private final Predicate<SocketAddress> own;

    /** Written by the dial alone. */
    private volatile @Nullable DialStage current;

    /** @param own tells whether the node itself listens there */
    DialStages(Predicate<SocketAddress> own) {
        this.own = own;
    }

    /** Tells a listener where the dial is, and each further stage; one that throws hears no more. */
    Disposable tell(Consumer<? super DialStage> listener) {
        return told.asFlux().subscribe(listener, e -> Operators.onErrorDropped(e, Context.empty()));
    }

    @Override
    public void resolving() {
        reach(DialStage.RESOLVING);
    }

    @Override
    public void connecting() {
        reach(DialStage.CONNECTING);
    }

    @Override
    public boolean mayTry(SocketAddress address) {
        return !own.test(address);
    }

    void handshaking() {
        reach(DialStage.HANDSHAKING);
    }

    /** A transport that tells a stage twice, or late, is not repeated. */
    private void reach(DialStage stage) {
        DialStage before = current;
        if (before == null || before.compareTo(stage) < 0) {
            current = stage;
            told.tryEmitNext(stage);
        }
    }
}
