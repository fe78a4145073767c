package io.weir.reactive.balance;

import io.weir.core.balance.Mixing;
import io.weir.core.balance.PeerSelector;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Hedging;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.calls.CheckedCalls;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.operator.StreamAge;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One view of a group. */
record GroupCalls(Group group, View view) implements BalancedCalls, CheckedCalls {

    @Override
    public BalancedCalls keyed(String key) {
        return keyed(PeerSelector.consistentHash(), key);
    }

    @Override
    public BalancedCalls keyed(String key, double loadFactor) {
        return keyed(PeerSelector.consistentHash(loadFactor), key);
    }

    private BalancedCalls keyed(PeerSelector by, String key) {
        return new GroupCalls(group, view.keyed(by, Mixing.mix(Objects.requireNonNull(key, "key"))));
    }

    @Override
    public BalancedCalls hedged(Hedging hedging) {
        return new GroupCalls(group, view.hedged(new Hedges(Objects.requireNonNull(hedging, "hedging"))));
    }

    @Override
    public BalancedCalls within(Duration wait) {
        return new GroupCalls(group, view.within(view.waiting().within(wait)));
    }

    @Override
    public Mono<PeerSession> session() {
        return Barrier.mono(Mono.defer(() -> sessionOf(new Course())), Fault::report);
    }

    private Mono<PeerSession> sessionOf(Course course) {
        Course.Pick pick = group.pick(view, Kind.STREAM, course);
        return pick != null ? Mono.just(pick.session()) : group.someone(view).flatMap(choice -> sessionOf(course));
    }

    @Override
    public <T> Flux<T> onSession(Function<? super PeerSession, ? extends Publisher<? extends T>> use) {
        Objects.requireNonNull(use, "use");
        Flux<T> made = Flux.defer(() -> {
            Course course = new Course();
            course.begin(); // what is made of a session is not known to be without effects
            return streamed(
                    session -> Fault.defer("the function that uses a session", () -> use.apply(session)), course);
        });
        return Barrier.flux(aged(made), Fault::report);
    }

    // ---- one answer

    @Override
    public <T> Mono<T> one(Function<PeerSession, Mono<T>> call) {
        return Mono.defer(() -> asked(call, new Course()));
    }

    @Override
    public <T> Mono<T> asked(RequestOptions options, BiFunction<PeerSession, RequestOptions, Mono<T>> call) {
        Hedges hedges = view.hedges();
        if (hedges == null) {
            return one(session -> call.apply(session, options));
        }
        return Mono.defer(() -> new HedgedRequest<>(this, hedges, options, call).mono());
    }

    /** Made at a peer that is chosen, or at the first that comes. */
    <T> Mono<T> asked(Function<PeerSession, Mono<T>> call, Course course) {
        Course.Pick pick = group.pick(view, Kind.REQUEST, course);
        if (pick == null) {
            return group.someone(view).flatMap(choice -> asked(call, course));
        }
        group.attempts().onCall();
        return asked(call, course, pick);
    }

    /** Made at that peer, and where it refuses, at others. */
    <T> Mono<T> asked(Function<PeerSession, Mono<T>> call, Course course, Course.Pick pick) {
        return CountedCall.of(call.apply(pick.session()), group.roster(), pick.member(), course)
                .onErrorResume(failure -> {
                    Course.Pick next = group.pickAgain(view, Kind.REQUEST, course, failure);
                    return next == null ? Mono.error(failure) : asked(call, course, next);
                });
    }

    // ---- streams

    @Override
    public <T> Flux<T> many(Function<PeerSession, Flux<T>> call) {
        return aged(Flux.defer(() -> streamed(call, new Course())));
    }

    @Override
    public <A, T> Flux<T> exchanged(
            Publisher<? extends A> values, BiFunction<PeerSession, Publisher<? extends A>, Flux<T>> call) {
        return aged(Flux.defer(() -> {
            Course course = new Course();
            Publisher<? extends A> given = Flux.defer(() -> {
                course.begin();
                return values;
            });
            return streamed(session -> call.apply(session, given), course);
        }));
    }

    private <T> Flux<T> streamed(Function<PeerSession, Flux<T>> call, Course course) {
        Course.Pick pick = group.pick(view, Kind.STREAM, course);
        return pick != null
                ? streamed(call, course, pick)
                : group.someone(view).flatMapMany(choice -> streamed(call, course));
    }

    private <T> Flux<T> streamed(Function<PeerSession, Flux<T>> call, Course course, Course.Pick pick) {
        return CountedCall.of(call.apply(pick.session()), group.roster(), pick.member(), course)
                .onErrorResume(failure -> {
                    Course.Pick next = group.pickAgain(view, Kind.STREAM, course, failure);
                    return next == null ? Flux.error(failure) : streamed(call, course, next);
                });
    }

    private <T> Flux<T> aged(Flux<T> stream) {
        Duration age = group.balancing().maxStreamAge();
        return age == null
                ? stream
                : StreamAge.atMost(age)
                        .on(group.scheduler())
                        .jitter(group::random)
                        .limit(stream);
    }

    @Override
    public String toString() {
        return "a group of " + group.roster().members().size() + " peers";
    }
}
