package io.weir.core.message;

import static io.weir.core.message.MessageSide.assertNothingIsLeft;
import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that wait for a place at their receiver. */
class ReceptionTest {

    /** A side with so many places; names that begin with "free" need none. */
    private static class Hall extends MessageSide {
        int places = 2;
        final List<Integer> order = new ArrayList<>();

        Hall(MessageSettings settings) {
            super(settings);
        }

        @Override
        public @Nullable ErrorCode admitRequest(String route) {
            return route.equals("nobody") ? ErrorCode.NO_HANDLER : tryPlace() ? null : ErrorCode.BUSY;
        }

        @Override
        public boolean needsPlace(String name) {
            return !name.startsWith("free");
        }

        @Override
        public boolean tryPlace() {
            if (places == 0) {
                return false;
            }
            places--;
            return true;
        }

        void leavePlace() {
            places++;
            table.onPlaceFree();
        }

        @Override
        public void onRequest(IncomingRequest request) {
            super.onRequest(request);
            order.add((int) request.id());
            request.listener(new IncomingRequest.Listener() {
                @Override
                public void onCancelled() {}

                @Override
                public void onOver() {
                    leavePlace();
                }
            });
        }

        @Override
        public void onOneWay(IncomingMessage message) {
            super.onOneWay(message);
            order.add((int) message.id());
        }

        void take(int index) {
            oneWays.get(index).taken();
            leavePlace();
        }
    }

    private final MessageSide peer = new MessageSide(MessageSide.settings(100_000));
    private final Hall hall = new Hall(MessageSide.settings(100_000));

    @BeforeEach
    void introduce() {
        MessageSide.introduce(peer, hall);
    }

    @Test
    void handsOnWhatHasAPlaceAndKeepsTheRestInOrder() {
        for (int i = 1; i <= 5; i++) {
            peer.send("m", bytes(i * 100));
        }
        settle(peer, hall);
        assertThat(hall.order).containsExactly(1, 2);
        assertThat(hall.table.waitingOneWays()).isEqualTo(3);
        assertThat(hall.table.isIdle()).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(hall.oneWayBodies.get(i)).isEqualTo(bytes((i + 1) * 100));
            hall.take(i);
        }
        assertThat(hall.order).containsExactly(1, 2, 3, 4, 5);
        assertThat(hall.places).isEqualTo(2);
        settle(peer, hall);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void aRequestWithoutAPlaceIsAnsweredBusyAndNeverRuns() {
        List<MessageSide.Asking> askings = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            askings.add(peer.ask("r", bytes(i)));
        }
        settle(peer, hall);
        assertThat(hall.order).containsExactly(1, 2);
        assertThat(askings.get(2).missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(askings.get(3).missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(hall.table.refused()).isEqualTo(2);
        hall.asked.get(0).reply(bytes(1));
        assertThat(hall.places).as("until its answer is written").isZero();
        settle(peer, hall);
        assertThat(hall.places).isEqualTo(1);
        peer.ask("r", bytes(9));
        settle(peer, hall);
        assertThat(hall.order).containsExactly(1, 2, 5);
    }

    /** What stands for it is 16 bytes, however many a peer asks. */
    @Test
    void aRequestThatNobodyHandlesIsAnsweredWithoutAnObject() {
        MessageSide.Asking asking = peer.ask("nobody", bytes(1));
        peer.writeAll();
        MessageSide.deliver(peer, hall);
        assertThat(hall.table.inFlight()).isZero();
        assertThat(hall.asked).isEmpty();
        settle(peer, hall);
        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.NO_HANDLER));
        assertThat(hall.table.refused()).as("BUSY").isZero();
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void requestsDoNotWaitBehindOneWayMessages() {
        hall.places = 0;
        peer.send("m", bytes(1));
        MessageSide.Asking asking = peer.ask("r", bytes(1));
        settle(peer, hall);
        assertThat(asking.missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(hall.table.waitingOneWays()).isEqualTo(1);
    }

    @Test
    void aCancelledRequestIsOverWhenThePeerWasTold() {
        MessageSide.Asking asking = peer.ask("r", bytes(10));
        settle(peer, hall);
        peer.table.cancel(asking.request);
        peer.writeAll();
        MessageSide.deliver(peer, hall);
        assertThat(hall.places).isEqualTo(1);
        settle(peer, hall);
        assertThat(hall.places).isEqualTo(2);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void theEndOfTheSessionForgetsOneWayMessagesThatWait() {
        hall.places = 0;
        peer.send("m", bytes(1));
        settle(peer, hall);
        assertThat(hall.table.isIdle()).isFalse();

        hall.table.close(CloseReason.local(ErrorCode.NONE));

        assertThat(hall.table.waitingOneWays()).isZero();
        assertThat(hall.table.isIdle()).isTrue();
        hall.places = 1;
        hall.table.onPlaceFree();
        assertThat(hall.order).isEmpty();
    }

    @Test
    void theEndOfTheSessionIsTheEndOfEveryRequest() {
        peer.ask("r", bytes(1));
        peer.ask("r", bytes(1));
        settle(peer, hall);
        hall.asked.get(0).reply(bytes(1));
        assertThat(hall.places).isZero();
        hall.table.close(CloseReason.local(ErrorCode.NONE));
        assertThat(hall.places).isEqualTo(2);
        assertThat(hall.table.inFlight()).isZero();
    }

    @Test
    void whatNeedsNoPlacePassesThoseThatWait() {
        hall.places = 0;
        peer.send("m", bytes(1));
        peer.send("free", bytes(1));
        settle(peer, hall);
        assertThat(hall.order).containsExactly(2);
    }

    /** As many as would overflow the stack if each handler's end called the next handler. */
    @Test
    void handlersThatAreDoneAtOnceMakeRoomForTheNext() {
        int count = 5_000;
        int[] called = new int[1];
        Hall quick = new Hall(new MessageSettings(1 << 20, 1 << 20, 64, 1 << 20, 64)) {
            @Override
            public void onOneWay(IncomingMessage message) {
                called[0]++;
                message.taken();
                leavePlace();
            }
        };
        MessageSide sending = new MessageSide(MessageSide.settings(100_000));
        MessageSide.introduce(sending, quick);
        quick.places = 0;
        for (int i = 0; i < count; i++) {
            sending.send("m", bytes(1));
        }
        settle(sending, quick);
        quick.leavePlace();
        assertThat(called[0]).isEqualTo(count);
        assertThat(quick.places).isEqualTo(1);
    }

    @Test
    void creditComesBackOnlyWhenTheHandlerIsDone() {
        hall.places = 0;
        peer.send("m", bytes(10));
        settle(peer, hall);
        assertThat(hall.table.inbox().window().consumed()).isZero();
        hall.leavePlace();
        assertThat(hall.table.inbox().window().consumed()).isZero();
        hall.oneWays.get(0).taken();
        hall.oneWays.get(0).taken();
        assertThat(hall.table.inbox().window().consumed()).isEqualTo(27);
        settle(peer, hall);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void whatWasAcceptedBeforeGoingAwayStillRuns() {
        hall.places = 0;
        peer.send("m", bytes(1));
        settle(peer, hall);
        assertThat(hall.table.goAway()).isEqualTo(1);
        hall.leavePlace();
        assertThat(hall.order).containsExactly(1);
    }
}
