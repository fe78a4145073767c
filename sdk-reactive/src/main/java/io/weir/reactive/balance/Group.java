package io.weir.reactive.balance;

import io.weir.core.balance.Mixing;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.Origin;
import io.weir.core.error.WeirException;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Balancing;
import io.weir.reactive.PeerSession;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** What all views of a group share: who may be chosen, the number of calls, the budget, and those who wait. Any thread. */
final class Group {

    private final GroupSettings settings;
    private final Balancing balancing;
    private final Roster roster;
    private final Attempts attempts;
    private final AtomicLong calls;
    private final AtomicInteger waiting = new AtomicInteger();

    Group(GroupSettings settings, Balancing balancing, Roster roster) {
        this.settings = settings;
        this.balancing = balancing;
        this.roster = roster;
        this.attempts = new Attempts(balancing.extraAttempts());
        this.calls = new AtomicLong((long) (settings.random().getAsDouble() * Long.MAX_VALUE));
    }

    Balancing balancing() {
        return balancing;
    }

    Roster roster() {
        return roster;
    }

    Attempts attempts() {
        return attempts;
    }

    Scheduler scheduler() {
        return settings.scheduler();
    }

    Duration requestTimeout() {
        return settings.requestTimeout();
    }

    double random() {
        return settings.random().getAsDouble();
    }

    long nowNanos() {
        return settings.scheduler().now(TimeUnit.NANOSECONDS);
    }

    /** A peer that takes calls at this moment, and that this call was not tried at; null: there is none. */
    Course.@Nullable Pick pick(View view, Kind kind, Course course) {
        Choice from = roster.choice();
        Course.Pick before = course.last();
        if (before != null) {
            from = from.without(before::isOf);
        }
        while (from.size() > 0) {
            long call = calls.getAndIncrement();
            Long key = view.key();
            Member member =
                    from.member(view.selector().select(from.by(kind), call, key == null ? Mixing.mix(call) : key));
            PeerSession session = member.usable();
            if (session != null) {
                return course.picked(member, session);
            }
            from = from.without(each -> each == member); // it has begun to drain, or is lost
        }
        return null;
    }

    /** Another peer for a call that has failed, where it was not begun; null: the call has failed. */
    Course.@Nullable Pick pickAgain(View view, Kind kind, Course course, Throwable failure) {
        Course.Pick last = course.last();
        if (course.hasBegun()
                || last == null
                || last.number() >= BalancedCalls.MOST_ATTEMPTS
                || !(failure instanceof WeirException known)) {
            return null;
        }
        CloseReason reason = known.reason();
        boolean costs = reason.error() == ErrorCode.BUSY;
        boolean isFree = reason.error() == ErrorCode.GOING_AWAY
                || reason.error() == ErrorCode.TOO_MANY_REQUESTS && reason.origin() == Origin.LOCAL;
        if (!costs && !isFree) {
            return null;
        }
        Course.Pick next = pick(view, kind, course);
        return next != null && costs && !attempts.tryExtra() ? null : next;
    }

    /** Completes when somebody takes calls; fails when nobody does in time. */
    Mono<Choice> someone(View view) {
        CloseReason reason = roster.closed();
        if (reason != null) {
            return Mono.error(new ConnectException(reason).about("a call to a group of peers"));
        }
        return view.waiting().forThe(Mono.defer(this::inLine), this::nobody);
    }

    private Mono<Choice> inLine() {
        if (waiting.incrementAndGet() > settings.maxWaiting()) {
            waiting.decrementAndGet();
            return Mono.error(new ConnectException(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS))
                    .about("awaiting a peer of a group"));
        }
        return roster.choices().filter(Choice::isUsable).next().doFinally(signal -> waiting.decrementAndGet());
    }

    private WeirException nobody(Duration waited) {
        String time = waited.isZero() ? "now" : "within " + waited;
        return new ConnectException(CloseReason.local(ErrorCode.NOT_CONNECTED))
                .about("no peer " + time + ": none of the group's "
                        + roster.members().size() + " that are known has a session that takes new calls");
    }
}
