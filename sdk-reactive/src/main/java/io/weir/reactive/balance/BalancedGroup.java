package io.weir.reactive.balance;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.stream.StreamConfig;
import io.weir.core.wire.Headers;
import io.weir.reactive.BalancedCalls;
import io.weir.reactive.Balancing;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.Hedging;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.calls.Waiting;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The group itself: its first view, and the source that it follows. */
public final class BalancedGroup implements PeerGroup {

    private static final Logger LOG = LoggerFactory.getLogger(BalancedGroup.class);

    private final Group group;
    private final BalancedCalls calls;
    private final Disposable following;

    private BalancedGroup(Group group, BalancedCalls calls, Disposable following) {
        this.group = group;
        this.calls = calls;
        this.following = following;
    }

    /**
     * A group of those that a source tells of, until each is told to be removed. When the source completes or fails, whom it told
     * last stay in the group.
     */
    public static PeerGroup of(Publisher<PeerChange> source, Balancing balancing, GroupSettings settings) {
        Roster roster = new Roster(SessionLoop.on(settings.scheduler()), balancing, settings.random());
        Group group = new Group(settings, balancing, roster);
        View view =
                new View(balancing.selector(), null, new Waiting(settings.sessionWait(), settings.scheduler()), null);
        Disposable following = Flux.from(source)
                .subscribe(
                        roster::onChange,
                        e -> LOG.warn("The source of a group failed; the peers that it told last stay in it", e),
                        roster::onComplete);
        return new BalancedGroup(group, new GroupCalls(group, view), following);
    }

    @Override
    public List<Member> members() {
        return group.roster().members();
    }

    @Override
    public Balancing balancing() {
        return group.balancing();
    }

    @Override
    public void dispose() {
        following.dispose();
        group.roster().end(CloseReason.local(ErrorCode.CANCELLED));
    }

    @Override
    public boolean isDisposed() {
        return group.roster().closed() != null;
    }

    @Override
    public BalancedCalls keyed(String key) {
        return calls.keyed(key);
    }

    @Override
    public BalancedCalls keyed(String key, double loadFactor) {
        return calls.keyed(key, loadFactor);
    }

    @Override
    public BalancedCalls hedged(Hedging hedging) {
        return calls.hedged(hedging);
    }

    @Override
    public BalancedCalls within(Duration wait) {
        return calls.within(wait);
    }

    @Override
    public Mono<PeerSession> session() {
        return calls.session();
    }

    @Override
    public <T> Flux<T> onSession(Function<? super PeerSession, ? extends Publisher<? extends T>> use) {
        return calls.onSession(use);
    }

    @Override
    public <A, B> Mono<B> request(String route, A value, Codec<A> in, Codec<B> out, RequestOptions options) {
        return calls.request(route, value, in, out, options);
    }

    @Override
    public <A> Mono<Void> send(String name, Headers headers, A value, Codec<A> codec) {
        return calls.send(name, headers, value, codec);
    }

    @Override
    public <T> Flux<T> subscribe(StreamOpen open, StreamConfig config, Codec<T> codec) {
        return calls.subscribe(open, config, codec);
    }

    @Override
    public <A, B> Flux<B> exchange(
            StreamOpen open, StreamConfig config, Publisher<? extends A> values, Codec<A> in, Codec<B> out) {
        return calls.exchange(open, config, values, in, out);
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
