package io.weir.reactive.operator;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The receiving half of credit-based flow control, for {@link Flux#transform}: what the subscriber takes becomes credit
 * for the source. A whole window is granted on subscription, without demand, so that elements are there when demand
 * comes. An element counts as consumed when the subscriber's {@code onNext} for it has returned; the limit is what was
 * consumed plus the window, and is granted again when it can rise by a quarter of the window, or at once when the
 * source says that it is blocked.
 *
 * <pre>{@code
 *                      blocked (side input)
 *                            |
 *                            v
 *   source (the wire) ----> grant ----------> subscriber
 *                            |     <- demand
 *                            v
 *                      grants (side output)
 * }</pre>
 *
 * <p><b>Bound.</b> Elements that the subscriber has not asked for yet are queued; together they cost at most the
 * window. {@code request(Long.MAX_VALUE)} means 'keep the window full', never 'no limit'. From the source the operator
 * requests without limit, since credit is the limit: a source that exceeds it is cancelled at once, the queue is
 * discarded, and the subscriber gets {@link io.weir.core.error.StreamReset} with {@code FLOW_CONTROL}.
 *
 * <p><b>Large elements.</b> An element that costs more than the window, announced by {@link Blocked#cost}, is let
 * through alone, when everything before it is consumed and the subscriber has asked for more, up to the window's
 * maximum; above that the flux fails with {@link io.weir.core.error.PayloadTooLargeException} instead of waiting for
 * ever. So connect {@code blocked} unless every element costs at most three quarters of the window: a larger one may be
 * waiting at the gate while too little was consumed for the next grant.
 *
 * <p><b>Ends.</b> Completion and error of the source follow the queued elements. An error of {@code blocked} fails the
 * flux and cancels the source; its completion means nothing.
 *
 * <p><b>Threads.</b> Elements, demand and blocked signals may each come from a thread of its own; the operator
 * serialises them. Grants are handed out serially with the elements.
 */
public final class CreditGrant {

    private CreditGrant() {}

    /**
     * A grant for a source that never says when it is blocked.
     *
     * @param window how much the source may send ahead
     * @param sizeOf size of an element in bytes, 0 or more; called once for each, when it arrives
     * @param grants takes each grant, the first one on subscription; it must not block, and what it throws fails the
     *     flux
     */
    public static <T> Function<Flux<T>, Flux<T>> of(
            CreditWindow window, ToIntFunction<? super T> sizeOf, Consumer<? super Grant> grants) {
        return of(window, sizeOf, Flux.never(), grants);
    }

    /**
     * A grant that answers a blocked source at once and lets the window grow.
     *
     * @param blocked what the sending side's gate tells; subscribed to with unlimited demand, and only the newest
     *     matters
     */
    public static <T> Function<Flux<T>, Flux<T>> of(
            CreditWindow window,
            ToIntFunction<? super T> sizeOf,
            Publisher<Blocked> blocked,
            Consumer<? super Grant> grants) {
        GrantSettings<T> settings = new GrantSettings<>(window, sizeOf, blocked, grants);
        return source -> FluxCreditGrant.assemble(source, settings);
    }
}
