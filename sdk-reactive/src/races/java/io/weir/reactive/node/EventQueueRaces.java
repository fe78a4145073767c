package io.weir.reactive.node;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerEvent.ConnectionClosed;
import io.weir.reactive.PeerEvent.ConnectionReady;
import io.weir.reactive.PeerEvent.EventsDropped;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The thread that offers against the one that takes, at a full queue. */
public class EventQueueRaces {

    private static final PeerId PEER = Identity.generate().peerId();
    private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("peer", 1);
    private static final ConnectionReady READY = new ConnectionReady(PEER, REMOTE, 1, true);
    private static final ConnectionReady OTHER = new ConnectionReady(PEER, REMOTE, 2, true);
    private static final ConnectionClosed END =
            new ConnectionClosed(PEER, REMOTE, 1, CloseReason.local(ErrorCode.NONE));

    /** A queue of one, with the Ready of a session in it. */
    static class Rig {
        final EventQueue queue = new EventQueue(1);
        private int readies;
        private int ends;
        private int untold;

        Rig() {
            queue.offer(READY);
        }

        void take() {
            count(queue.poll());
        }

        void takeTheRest(III_Result r) {
            while (!queue.isEmpty()) {
                take();
            }
            r.r1 = readies;
            r.r2 = ends;
            r.r3 = untold;
        }

        private void count(@Nullable PeerEvent event) {
            if (event instanceof ConnectionReady) {
                readies++;
            } else if (event instanceof ConnectionClosed) {
                ends++;
            } else if (event instanceof EventsDropped dropped) {
                untold += (int) dropped.count();
            }
        }
    }

    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both shown")
    @Outcome(id = "0, 0, 2", expect = ACCEPTABLE, desc = "both left out, and counted")
    @Outcome(expect = FORBIDDEN, desc = "half a pair, or miscounted")
    @State
    public static class EndAgainstTaking extends Rig {
        @Actor
        public void end() {
            queue.offer(END);
        }

        @Actor
        public void takes() {
            take();
        }

        @Arbiter
        public void result(III_Result r) {
            takeTheRest(r);
        }
    }

    @JCStressTest
    @Outcome(id = "2, 0, 0", expect = ACCEPTABLE, desc = "there was room by then")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "left out, and counted")
    @Outcome(expect = FORBIDDEN, desc = "lost or miscounted")
    @State
    public static class ReadyAgainstTaking extends Rig {
        @Actor
        public void another() {
            queue.offer(OTHER);
        }

        @Actor
        public void takes() {
            take();
        }

        @Arbiter
        public void result(III_Result r) {
            takeTheRest(r);
        }
    }
}
