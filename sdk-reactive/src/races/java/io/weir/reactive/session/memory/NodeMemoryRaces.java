package io.weir.reactive.session.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJ_Result;

/** The memory that the sessions of a node share. */
public class NodeMemoryRaces {

    @JCStressTest
    @Outcome(
            id = {"1, 0, 6", "0, 1, 6"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @Outcome(expect = FORBIDDEN, desc = "both, neither, or a wrong sum")
    @State
    public static class TwoReserveWhatIsThereOnce {
        private final NodeMemory memory = new NodeMemory(10);

        @Actor
        public void one(IIJ_Result r) {
            r.r1 = memory.tryReserve(6) ? 1 : 0;
        }

        @Actor
        public void other(IIJ_Result r) {
            r.r2 = memory.tryReserve(6) ? 1 : 0;
        }

        @Arbiter
        public void result(IIJ_Result r) {
            r.r3 = memory.reserved();
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 0, 6", "0, 0, 0"},
            expect = ACCEPTABLE,
            desc = "reserved after the release, or refused before it")
    @Outcome(expect = FORBIDDEN, desc = "the sum is wrong")
    @State
    public static class ReserveAgainstRelease {
        private final NodeMemory memory = new NodeMemory(10);

        public ReserveAgainstRelease() {
            memory.tryReserve(8);
        }

        @Actor
        public void reserve(IIJ_Result r) {
            r.r1 = memory.tryReserve(6) ? 1 : 0;
        }

        @Actor
        public void release() {
            memory.release(8);
        }

        @Arbiter
        public void result(IIJ_Result r) {
            r.r3 = memory.reserved();
        }
    }
}
