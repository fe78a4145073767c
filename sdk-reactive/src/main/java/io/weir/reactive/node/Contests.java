package io.weir.reactive.node;

import io.weir.core.identity.PeerId;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.session.Session;
import io.weir.reactive.session.setup.Contender;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One session with each peer: a {@link Contest} for each peer with which there is a session, or a connection or dial that
 * may lead to one. Each step on a peer's contest is taken in its map's compute, one at a time; what follows from it is done
 * outside, by the thread that took the step. Thread safe.
 */
final class Contests {

    private final PeerId self;
    private final NodeLimits limits;
    private final Map<PeerId, Contest> contests = new ConcurrentHashMap<>();

    Contests(PeerId self, NodeLimits limits) {
        this.self = self;
        this.limits = limits;
    }

    /** The session with this peer that takes new streams; null if there is none. */
    @Nullable
    Session live(PeerId peer) {
        Contest contest = contests.get(peer);
        Session session = contest == null ? null : contest.survivor();
        return session != null && session.takesNew() ? session : null;
    }

    /** A dial that expects this peer: while subscribed it is in progress. Emits the session that the peer has first. */
    Mono<PeerSession> dialling(@Nullable PeerId peer) {
        return peer == null || peer.equals(self)
                ? Mono.never()
                : Mono.create(sink -> {
                    Contest.Dial dial = new Contest.Dial(sink::success);
                    in(peer, contest -> contest.begin(dial));
                    sink.onDispose(() -> in(peer, contest -> contest.end(dial)));
                });
    }

    void contend(Contender contender) {
        in(peerOf(contender), contest -> contest.contend(contender));
    }

    boolean claim(Contender contender) {
        AtomicBoolean claimed = new AtomicBoolean();
        in(peerOf(contender), contest -> claimed.set(contest.claim(contender)));
        return claimed.get();
    }

    void withdraw(Contender contender, Consumer<@Nullable Session> instead) {
        in(peerOf(contender), contest -> contest.withdraw(contender, instead));
    }

    void prevailed(Contender contender) {
        in(peerOf(contender), contest -> contest.prevailed(contender));
    }

    void onEnd(Session session) {
        in(session.peer(), contest -> contest.onEnd(session));
    }

    /** Peers of which something is known: none when nothing lives and nothing is in progress. */
    int size() {
        return contests.size();
    }

    private static PeerId peerOf(Contender contender) {
        return contender.session().peer();
    }

    private void in(PeerId peer, Consumer<Contest> step) {
        Queue<Runnable> follow = new ArrayDeque<>();
        contests.compute(peer, (p, current) -> {
            Contest contest = current == null ? new Contest(this, self, p, limits) : current;
            contest.step(step, follow);
            return contest.isOver() ? null : contest;
        });
        Runnable next;
        while ((next = follow.poll()) != null) {
            next.run();
        }
    }

    /** A later step of a contest, if it is still that one. */
    void later(PeerId peer, Contest contest, Runnable step) {
        in(peer, current -> {
            if (current == contest) {
                step.run();
            }
        });
    }
}
