package io.weir.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A subscriber that keeps all it hears: values as text, then "complete" or "error". */
public final class Hearing extends BaseSubscriber<Object> {

    public final List<String> signals = new ArrayList<>();

    public @Nullable Throwable failure;

    private final long demand;

    /** Asks for everything. */
    public Hearing(Publisher<?> source) {
        this(source, Long.MAX_VALUE);
    }

    /** Asks for that much at first, 0 or more. */
    public Hearing(Publisher<?> source, long demand) {
        this.demand = demand;
        source.subscribe(this);
    }

    /** Of the failure, which is Weir's. */
    public ErrorCode code() {
        assertThat(failure).isInstanceOf(WeirException.class);
        return ((WeirException) Objects.requireNonNull(failure)).reason().error();
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    protected void hookOnNext(Object value) {
        signals.add(value.toString());
    }

    @Override
    protected void hookOnComplete() {
        signals.add("complete");
    }

    @Override
    protected void hookOnError(Throwable e) {
        failure = e;
        signals.add("error");
    }
}
