package io.weir.reactive.balance;

import io.weir.reactive.fault.PassingSubscriber;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/**
 * Lets one call's signals pass, and counts it at its peer while it lasts: until its first value where one is all there is, else its
 * end or cancellation. The count has changed when the subscriber hears the end, so that its next call sees it.
 *
 * <p>Serialised by its source; only a cancellation may race with it, and which of the two ends the call is settled by an atomic.
 */
final class CountedCall<T> extends PassingSubscriber<T, T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<CountedCall> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(CountedCall.class, "ended");

    private final Roster roster;
    private final Member member;
    private final Kind kind;
    private final Course course;
    private final int era;
    private boolean delivered;
    private volatile int ended;

    private CountedCall(CoreSubscriber<? super T> actual, Roster roster, Member member, Kind kind, Course course) {
        super(actual);
        this.roster = roster;
        this.member = member;
        this.kind = kind;
        this.course = course;
        this.era = member.era();
    }

    /** A request, or a one-way message. */
    static <T> Mono<T> of(Mono<T> source, Roster roster, Member member, Course course) {
        return new MonoOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                new CountedCall<T>(actual, roster, member, Kind.REQUEST, course).begin(source::subscribe);
            }
        };
    }

    /** A stream. */
    static <T> Flux<T> of(Flux<T> source, Roster roster, Member member, Course course) {
        return new FluxOperator<T, T>(source) {
            @Override
            public void subscribe(CoreSubscriber<? super T> actual) {
                new CountedCall<T>(actual, roster, member, Kind.STREAM, course).begin(source::subscribe);
            }
        };
    }

    private interface Source<T> {
        void subscribe(CoreSubscriber<T> subscriber);
    }

    private void begin(Source<T> source) {
        member.began(kind);
        try {
            source.subscribe(this);
        } catch (Throwable e) {
            settle();
            throw e;
        }
    }

    /** The call is over; whether it was not until now. */
    private boolean settle() {
        if (ended == 0 && ENDED.compareAndSet(this, 0, 1)) {
            member.ended(kind);
            return true;
        }
        return false;
    }

    @Override
    public void onNext(T value) {
        if (!delivered) {
            delivered = true;
            course.begin();
            roster.onSuccess(member, era);
            if (kind == Kind.REQUEST) {
                settle();
            }
        }
        actual.onNext(value);
    }

    @Override
    protected void tellEnd(@Nullable Throwable failure) {
        if (settle()) {
            if (failure == null) {
                roster.onSuccess(member, era);
            } else {
                roster.onError(member, era, failure);
            }
        }
        super.tellEnd(failure);
    }

    @Override
    public void cancel() {
        settle();
        super.cancel();
    }
}
