package io.weir.reactive.session.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJ_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** What is accepted for sending on any thread, against what the loop has written. */
public class SendMemoryRaces {

    @JCStressTest
    @Outcome(
            id = {"1, 0, 7", "0, 1, 7"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = FORBIDDEN, desc = "both, neither, or a wrong sum")
    @State
    public static class TwoBookWhatThereIsRoomForOnce {
        private final NodeMemory node = new NodeMemory(100);
        private final SendMemory memory = new SendMemory(node, 12);

        public TwoBookWhatThereIsRoomForOnce() {
            memory.tryBook(1);
        }

        @Actor
        public void one(IIJ_Result r) {
            r.r1 = memory.tryBook(6) ? 1 : 0;
        }

        @Actor
        public void other(IIJ_Result r) {
            r.r2 = memory.tryBook(6) ? 1 : 0;
        }

        @Arbiter
        public void result(IIJ_Result r) {
            r.r3 = memory.booked() == node.reserved() ? node.reserved() : -1;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 0"},
            expect = ACCEPTABLE,
            desc = "given back with the half, or refused after its end")
    @Outcome(expect = FORBIDDEN, desc = "kept for good, or given back twice")
    @State
    public static class OfferAgainstTheEndOfItsHalf {
        private final NodeMemory node = new NodeMemory(100);
        private final OfferMemory half = new OfferMemory(new SendMemory(node, 100));

        public OfferAgainstTheEndOfItsHalf() {
            half.tryBook(5);
        }

        @Actor
        public void offer(IJ_Result r) {
            r.r1 = half.tryBook(6) ? 1 : 0;
        }

        @Actor
        public void end() {
            half.release(5);
            half.end();
        }

        @Arbiter
        public void result(IJ_Result r) {
            r.r2 = node.reserved();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1", "1, 1"},
            expect = ACCEPTABLE,
            desc = "finds room, or is told that there is some")
    @Outcome(expect = FORBIDDEN, desc = "waits for good")
    @State
    public static class WaitForRoomAgainstRelease implements NodeMemory.Waiter {
        private final NodeMemory node = new NodeMemory(100);
        private final SendMemory memory = new SendMemory(node, 12);
        private volatile int told;

        public WaitForRoomAgainstRelease() {
            memory.tryBook(1);
            memory.tryBook(8);
        }

        /** As {@link MemoryWait} does: it stands in the queue first, and tries once more then. */
        @Actor
        public void await(II_Result r) {
            boolean room = memory.hasRoom();
            if (!room) {
                node.whenFreed(this);
                room = memory.hasRoom();
            }
            r.r1 = room ? 1 : 0;
        }

        @Actor
        public void release() {
            memory.release(8);
        }

        @Override
        public boolean tell() {
            told = 1;
            return false;
        }

        @Arbiter
        public void result(II_Result r) {
            r.r2 = told;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 1", "0, 1", "0, 0"},
            expect = ACCEPTABLE,
            desc = "nobody waits for what a refused offer held for a moment, unless it is told")
    @Outcome(expect = FORBIDDEN, desc = "waits for good although there is room")
    @State
    public static class WaitForRoomAgainstAnOfferThatIsRefused implements NodeMemory.Waiter {
        private final NodeMemory node = new NodeMemory(12);
        private final SendMemory memory = new SendMemory(node, 100);
        private final OfferMemory half = new OfferMemory(new SendMemory(node, 8));
        private volatile int told;

        public WaitForRoomAgainstAnOfferThatIsRefused() {
            memory.tryBook(1);
            half.tryBook(1);
            half.tryBook(1);
        }

        @Actor
        public void await(II_Result r) {
            boolean room = memory.hasRoom();
            if (!room) {
                node.whenFreed(this);
                room = memory.hasRoom();
            }
            r.r1 = room ? 0 : 1; // waits
        }

        @Actor
        public void offerAndEnd() {
            half.tryBook(6);
            half.end();
        }

        @Override
        public boolean tell() {
            told = 1;
            return false;
        }

        @Arbiter
        public void result(II_Result r) {
            r.r2 = told;
            if (r.r1 == 0) {
                r.r2 = 0; // found room: whether it was told as well is of no matter
            }
        }
    }
}
