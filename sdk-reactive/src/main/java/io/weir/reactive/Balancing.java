package io.weir.reactive;

import io.weir.core.balance.AttemptBudget;
import io.weir.core.balance.OutlierPolicy;
import io.weir.core.balance.PeerSelector;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Legal;
import io.weir.core.error.WeirException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link PeerGroup} spreads its calls.
 *
 * @param selector who gets a call that has no key
 * @param outliers when a peer that fails is left out, and for how long
 * @param failures which errors of a call are the peer's fault, and count for {@code outliers}; any thread, must not block
 * @param extraAttempts how many calls may be made a second time at another peer: hedges, and calls that a peer refuses with BUSY. What a
 *     peer has not begun because it goes away needs none of it
 * @param maxStreamAge streams of the group end with {@link io.weir.core.error.GoingAwayException} after three quarters to all of
 *     that time, by chance, so that who opens them again is spread anew; 1 s to 365 days. Null: they last
 */
public record Balancing(
        PeerSelector selector,
        OutlierPolicy outliers,
        Predicate<? super Throwable> failures,
        AttemptBudget extraAttempts,
        @Nullable Duration maxStreamAge) {

    private static final Duration SHORTEST_AGE = Duration.ofSeconds(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(365);

    /** What a peer that is there and well does not say, or lets happen, again and again. */
    private static final Set<ErrorCode> FAULTS = Set.of(
            ErrorCode.REQUEST_TIMEOUT,
            ErrorCode.BUSY,
            ErrorCode.INTERNAL,
            ErrorCode.APPLICATION_ERROR,
            ErrorCode.NO_HANDLER,
            ErrorCode.REFUSED,
            ErrorCode.UNCLAIMED);

    private static final Predicate<Throwable> PEERS_FAULT = Balancing::isPeersFault;

    private static final Balancing DEFAULTS = new Balancing(
            PeerSelector.powerOfTwoChoices(), OutlierPolicy.defaults(), PEERS_FAULT, new AttemptBudget(10, 10), null);

    public Balancing {
        Objects.requireNonNull(selector, "selector");
        Objects.requireNonNull(outliers, "outliers");
        Objects.requireNonNull(failures, "failures");
        Objects.requireNonNull(extraAttempts, "extraAttempts");
        if (maxStreamAge != null) {
            Legal.range("maxStreamAge", maxStreamAge, SHORTEST_AGE, LONGEST_AGE);
        }
    }

    /**
     * Power of two choices, {@link OutlierPolicy#defaults()} for what is the {@linkplain #isPeersFault peer's fault}, 10 extra attempts for
     * each 100 calls and as many at once, streams that last.
     */
    public static Balancing defaults() {
        return DEFAULTS;
    }

    /** The same, by another selector. */
    public Balancing withSelector(PeerSelector value) {
        return new Balancing(value, outliers, failures, extraAttempts, maxStreamAge);
    }

    /** The same, with another rule for those that fail. */
    public Balancing withOutliers(OutlierPolicy value) {
        return new Balancing(selector, value, failures, extraAttempts, maxStreamAge);
    }

    /** The same, where other errors are the peer's fault. */
    public Balancing withFailures(Predicate<? super Throwable> value) {
        return new Balancing(selector, outliers, value, extraAttempts, maxStreamAge);
    }

    /** The same, with so many extra attempts. */
    public Balancing withExtraAttempts(AttemptBudget value) {
        return new Balancing(selector, outliers, failures, value, maxStreamAge);
    }

    /** The same, with streams that last no longer. */
    public Balancing withMaxStreamAge(Duration value) {
        return new Balancing(
                selector, outliers, failures, extraAttempts, Objects.requireNonNull(value, "maxStreamAge"));
    }

    /**
     * Whether a peer that is connected and well would not have let that happen: {@code REQUEST_TIMEOUT}, {@code BUSY}, {@code INTERNAL},
     * {@code NO_HANDLER}, {@code REFUSED}, {@code UNCLAIMED}, a handler that failed unexpectedly ({@code APPLICATION_ERROR}), and an
     * {@link ApplicationException} that says that trying again can help. The loss of a session is not: whom to dial again, and when, is
     * the {@link ConnectionManager}'s.
     */
    public static boolean isPeersFault(Throwable error) {
        if (error instanceof ApplicationException said) {
            return said.reason().retryable();
        }
        return error instanceof WeirException known
                && FAULTS.contains(known.reason().error());
    }
}
