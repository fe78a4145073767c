package io.weir.reactive.operator;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The sending half of credit-based flow control, for {@link Flux#transform}: an element passes when the subscriber asks
 * for it <em>and</em> the credit covers its cost, 16 + its size. Credit becomes demand upstream: the gate asks for one
 * element first, then for as many as the credit is likely to cover (by the average and the recent largest cost), at
 * most twice as many as the time before (32 the second time), at most 256, and never more than the subscriber asked for. Once the
 * first has come, 16 stay requested as far as credit and subscriber allow. What was asked for
 * and then does not fit is held, so the gate holds at most one such batch.
 *
 * <pre>{@code
 *                  grants (side input)
 *                        |
 *                        v
 *   source ----------> gate ----------> subscriber (the wire)
 *          <- demand     |    <- demand
 *                        v
 *                  blocked (side output)
 * }</pre>
 *
 * <p><b>Ends.</b> Completion and errors of the source follow the elements held. A grant that no honest receiver sends (more consumed than was sent, a limit of 2^62 or more) fails the
 * flux with {@link io.weir.core.error.StreamStopped} and cancels the source; so does an error of the grants. Lower,
 * repeated and late grants are harmless. Grants that complete mean that no more credit will come: what the credit
 * covers still passes, and the first element that it does not fails the flux with {@code STREAM_CLOSED}.
 *
 * <p><b>Threads.</b> Grants, demand and elements may each come from a thread of its own; the gate serialises them and
 * emits on whichever of them brought what was missing. The grants are subscribed to with unlimited demand, after the
 * subscriber has its subscription, and cancelled when the flux ends. Grants that come faster than the gate looks at
 * them are merged, so none is queued.
 */
public final class CreditGate {

    private CreditGate() {}

    /**
     * A gate.
     *
     * @param grants credit from the receiving side
     * @param sizeOf size of an element in bytes, 0 or more; called once for each
     * @param initialLimit cost that may be sent before the first grant; 0..2^62 - 1. A receiver that is a
     *     {@link CreditGrant} sends its first grant when it is subscribed to, so 0 is always safe
     * @throws IllegalArgumentException if the initial limit is out of range
     */
    public static <T> Function<Flux<T>, Flux<T>> of(
            Publisher<Grant> grants, ToIntFunction<? super T> sizeOf, long initialLimit) {
        return of(grants, sizeOf, initialLimit, blocked -> {});
    }

    /**
     * A gate that tells when it is blocked.
     *
     * @param onBlocked called at most once for each limit, serially with everything that the gate emits; it must not
     *     block, and what it throws fails the flux
     */
    public static <T> Function<Flux<T>, Flux<T>> of(
            Publisher<Grant> grants,
            ToIntFunction<? super T> sizeOf,
            long initialLimit,
            Consumer<? super Blocked> onBlocked) {
        GateSettings<T> settings = new GateSettings<>(grants, sizeOf, initialLimit, onBlocked);
        return source -> FluxCreditGate.assemble(source, settings);
    }
}
