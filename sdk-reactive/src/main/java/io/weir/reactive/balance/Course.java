package io.weir.reactive.balance;

import io.weir.reactive.PeerSession;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** One call: whom it was tried at, and whether it has begun to have effects that forbid to try it elsewhere. Any thread. */
final class Course {

    private static final AtomicReferenceFieldUpdater<Course, @Nullable Pick> LAST =
            AtomicReferenceFieldUpdater.newUpdater(Course.class, Pick.class, "last");

    private volatile @Nullable Pick last;
    private volatile boolean begun;

    /**
     * One attempt.
     *
     * @param before the attempt before it; null: it is the first
     * @param number from 1 on
     */
    record Pick(
            Member member, PeerSession session, @Nullable Pick before, int number) {

        boolean isOf(Member other) {
            for (Pick pick = this; pick != null; pick = pick.before) {
                if (pick.member == other) {
                    return true;
                }
            }
            return false;
        }
    }

    @Nullable
    Pick last() {
        return last;
    }

    Pick picked(Member member, PeerSession session) {
        Pick before;
        Pick pick;
        do { // a hedge may be made meanwhile
            before = last;
            pick = new Pick(member, session, before, before == null ? 1 : before.number() + 1);
        } while (!LAST.compareAndSet(this, before, pick));
        return pick;
    }

    boolean hasBegun() {
        return begun;
    }

    void begin() {
        if (!begun) {
            begun = true;
        }
    }
}
