package io.weir.reactive.session.port;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A dial that comes to a port, on any thread, against whoever leaves it. */
public class PortUsersRaces {

    @JCStressTest
    @Outcome(
            id = {"1, 0, 1", "0, 1, 0"},
            expect = ACCEPTABLE,
            desc = "it is in, and keeps the port; or the port is gone, and it is not in")
    @Outcome(expect = FORBIDDEN, desc = "in at a port that is gone, or out of one that stays")
    @State
    public static class EnterAgainstTheLastWhoLeaves {
        private final PortUsers users = new PortUsers();

        @Actor
        public void enter(III_Result r) {
            r.r1 = users.enter() ? 1 : 0;
        }

        @Actor
        public void leave(III_Result r) {
            r.r2 = users.leave() ? 1 : 0;
        }

        @Arbiter
        public void stays(III_Result r) {
            r.r3 = users.enter() ? 1 : 0;
        }
    }

    @JCStressTest
    @Outcome(
            id = {"1, 0, 0", "0, 1, 0"},
            expect = ACCEPTABLE,
            desc = "one of them is the last")
    @Outcome(expect = FORBIDDEN, desc = "both or none, or the port can be entered yet")
    @State
    public static class TwoWhoLeave {
        private final PortUsers users = new PortUsers();

        public TwoWhoLeave() {
            users.enter();
        }

        @Actor
        public void one(III_Result r) {
            r.r1 = users.leave() ? 1 : 0;
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = users.leave() ? 1 : 0;
        }

        @Arbiter
        public void stays(III_Result r) {
            r.r3 = users.enter() ? 1 : 0;
        }
    }
}
