package io.weir.reactive.balance;

import io.weir.core.balance.Mixing;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerSession;
import io.weir.reactive.SessionState;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One peer of a group. What is volatile is read by every call; written are the counts by calls, all else on the group's loop. */
final class Member {

    private static final AtomicIntegerFieldUpdater<Member> REQUESTS =
            AtomicIntegerFieldUpdater.newUpdater(Member.class, "requests");
    private static final AtomicIntegerFieldUpdater<Member> STREAMS =
            AtomicIntegerFieldUpdater.newUpdater(Member.class, "streams");

    private final PeerId id;
    private final long hash;

    private volatile int requests;
    private volatile int streams;
    private volatile @Nullable PeerSession session;
    private volatile int era;
    private volatile boolean suspect;
    private volatile boolean out;

    /** Tells that its session drains. Touched on the loop only. */
    private final Disposable.Swap watch = Disposables.swap();

    Member(PeerId id) {
        this.id = id;
        this.hash = Mixing.mix(id.bytes());
    }

    PeerId id() {
        return id;
    }

    /** Evenly distributed, and the same at every node. */
    long hash() {
        return hash;
    }

    int outstanding(Kind kind) {
        return kind == Kind.STREAM ? streams : requests;
    }

    void began(Kind kind) {
        (kind == Kind.STREAM ? STREAMS : REQUESTS).incrementAndGet(this);
    }

    void ended(Kind kind) {
        (kind == Kind.STREAM ? STREAMS : REQUESTS).decrementAndGet(this);
    }

    /** The session that takes new calls; null: none. */
    @Nullable
    PeerSession usable() {
        PeerSession now = session;
        return now != null && now.state() == SessionState.READY ? now : null;
    }

    /** Another one each time it was left out: what was begun before is no evidence. */
    int era() {
        return era;
    }

    /** Whether a success is news. */
    boolean isSuspect() {
        return suspect;
    }

    boolean isOut() {
        return out;
    }

    // ---- on the loop

    /** The last one known; whether it takes calls is asked when it matters. */
    @Nullable
    PeerSession session() {
        return session;
    }

    void use(@Nullable PeerSession now, Disposable watching) {
        session = now;
        watch.update(watching);
    }

    void judged(boolean isOut, boolean isSuspect) {
        if (isOut && !out) {
            era++; // written by the loop alone
        }
        out = isOut;
        suspect = isSuspect;
    }

    void forget() {
        use(null, Disposables.disposed());
    }

    @Override
    public String toString() {
        return "peer " + id;
    }
}
