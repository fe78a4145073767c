package io.weir.core.message;

import static io.weir.core.message.MessageSide.assertNothingIsLeft;
import static io.weir.core.message.MessageSide.bytes;
import static io.weir.core.message.MessageSide.settle;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.MessageType;
import java.util.ArrayList;
import java.util.List;
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
        public boolean needsPlace(MessageType type, String name) {
            return !name.startsWith("free");
        }

        @Override
        public boolean tryPlace(MessageType type) {
            if (places == 0) {
                return false;
            }
            places--;
            return true;
        }

        @Override
        public void releasePlace(MessageType type) {
            places++;
        }

        @Override
        public void onRequest(IncomingRequest request) {
            super.onRequest(request);
            order.add((int) request.id());
        }

        @Override
        public void onOneWay(IncomingMessage message) {
            super.onOneWay(message);
            order.add((int) message.id());
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
        List<MessageSide.Asking> askings = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            askings.add(peer.ask("r", bytes(i * 100)));
        }
        settle(peer, hall);
        assertThat(hall.order).containsExactly(1, 2);
        assertThat(hall.table.inFlight()).isEqualTo(5);
        assertThat(hall.table.isIdle()).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(hall.askedBodies.get(i)).isEqualTo(bytes((i + 1) * 100));
            hall.asked.get(i).reply(bytes(i));
            settle(peer, hall);
        }
        assertThat(hall.order).containsExactly(1, 2, 3, 4, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(askings.get(i).replies).containsExactly(bytes(i));
        }
        assertThat(hall.places).isEqualTo(2);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void bothKindsTakeTurns() {
        hall.places = 0;
        for (int i = 1; i <= 3; i++) {
            peer.ask("r", bytes(1));
        }
        for (int i = 4; i <= 6; i++) {
            peer.send("m", bytes(1));
        }
        settle(peer, hall);
        assertThat(hall.order).isEmpty();
        assertThat(hall.table.waitingOneWays()).isEqualTo(3);
        hall.places = 6;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactly(4, 1, 5, 2, 6, 3);
    }

    @Test
    void whereOneKindIsOverTheOtherGoesOn() {
        hall.places = 0;
        peer.ask("r", bytes(1));
        for (int i = 2; i <= 4; i++) {
            peer.send("m", bytes(1));
        }
        settle(peer, hall);
        hall.places = 2;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactly(2, 1);
        hall.places = 2;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactly(2, 1, 3, 4);

        for (int i = 5; i <= 7; i++) {
            peer.ask("r", bytes(1));
        }
        settle(peer, hall);
        hall.places = 3;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactly(2, 1, 3, 4, 5, 6, 7);
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
    }

    @Test
    void whatNeedsNoPlacePassesThoseThatWait() {
        hall.places = 0;
        peer.send("m", bytes(1));
        peer.send("free", bytes(1));
        settle(peer, hall);
        assertThat(hall.order).containsExactly(2);
        hall.oneWays.get(0).taken();
        assertThat(hall.places).isZero();
        peer.ask("free", bytes(1));
        settle(peer, hall);
        hall.asked.get(0).reply(bytes(1));
        settle(peer, hall);
        assertThat(hall.places).as("had none to give back").isZero();
    }

    /** As many as would overflow the stack if each handler's end called the next handler. */
    @Test
    void handlersThatAreDoneAtOnceMakeRoomForTheNext() {
        int count = 5_000;
        int[] called = new int[1];
        Hall quick = new Hall(new MessageSettings(1 << 20, 1 << 20, 65_535, 64, 1 << 20, 64)) {
            @Override
            public void onOneWay(IncomingMessage message) {
                called[0]++;
                message.taken();
            }
        };
        MessageSide sending = new MessageSide(MessageSide.settings(100_000));
        MessageSide.introduce(sending, quick);
        quick.places = 0;
        for (int i = 0; i < count; i++) {
            sending.send("m", bytes(1));
        }
        settle(sending, quick);
        quick.places = 1;
        quick.table.onPlaceFree();
        assertThat(called[0]).isEqualTo(count);
        assertThat(quick.places).isEqualTo(1);
    }

    @Test
    void creditComesBackOnlyWhenTheHandlerIsDone() {
        hall.places = 0;
        peer.send("m", bytes(10));
        settle(peer, hall);
        assertThat(hall.table.inbox().window().consumed()).isZero();
        hall.places = 1;
        hall.table.onPlaceFree();
        assertThat(hall.table.inbox().window().consumed()).isZero();
        hall.oneWays.get(0).taken();
        hall.oneWays.get(0).taken();
        assertThat(hall.table.inbox().window().consumed()).isEqualTo(27);
        assertThat(hall.places).as("given back once").isEqualTo(1);
        settle(peer, hall);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void aRequestThatIsCancelledWhileItWaitsNeverRunsAndIsAnswered() {
        hall.places = 0;
        MessageSide.Asking first = peer.ask("r", bytes(10));
        MessageSide.Asking second = peer.ask("r", bytes(20_000));
        MessageSide.Asking third = peer.ask("r", bytes(30));
        settle(peer, hall);
        peer.table.cancel(second.request);
        settle(peer, hall);
        assertThat(peer.table.outstanding()).as("answered").isEqualTo(2);
        assertThat(hall.table.inFlight()).isEqualTo(2);
        assertThat(hall.table.inbox().window().consumed())
                .as("its credit is back")
                .isEqualTo(17 + 20_000);
        hall.places = 2;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactly(1, 3);
        hall.asked.forEach(request -> request.reply(bytes(1)));
        settle(peer, hall);
        assertThat(first.replies).hasSize(1);
        assertThat(second.ends()).isZero();
        assertThat(third.replies).hasSize(1);
        assertNothingIsLeft(peer, hall);
    }

    @Test
    void requestsThatWaitCountAsInWork() {
        Hall small = new Hall(new MessageSettings(100_000, 100_000, 3, 64, 1 << 20, 64));
        MessageSide asking = new MessageSide(MessageSide.settings(100_000));
        MessageSide.introduce(asking, small);
        small.places = 1;
        List<MessageSide.Asking> askings = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            askings.add(asking.ask("r", bytes(1)));
        }
        settle(asking, small);
        assertThat(askings.get(3).missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(askings.get(4).missing).containsExactly(CloseReason.remote(ErrorCode.BUSY));
        assertThat(small.order).containsExactly(1);
    }

    @Test
    void theEndOfTheSessionForgetsWhatWaitsAndGivesEveryPlaceBack() {
        for (int i = 0; i < 5; i++) {
            peer.ask("r", bytes(1));
        }
        settle(peer, hall);
        assertThat(hall.places).isZero();
        hall.table.close(CloseReason.local(ErrorCode.NONE));
        assertThat(hall.places).isEqualTo(2);
        assertThat(hall.order).containsExactly(1, 2);
        assertThat(hall.table.inFlight()).isZero();
        hall.table.onPlaceFree();
        assertThat(hall.order).hasSize(2);
    }

    @Test
    void aOneWayMessageKeepsItsPlaceBeyondTheSession() {
        peer.send("m", bytes(1));
        settle(peer, hall);
        hall.table.close(CloseReason.local(ErrorCode.NONE));
        assertThat(hall.places).as("its handler still works").isEqualTo(1);
        hall.oneWays.get(0).taken();
        assertThat(hall.places).isEqualTo(2);
    }

    @Test
    void whatWasAcceptedBeforeGoingAwayStillRuns() {
        hall.places = 0;
        peer.ask("r", bytes(1));
        peer.send("m", bytes(1));
        settle(peer, hall);
        assertThat(hall.table.goAway()).isEqualTo(2);
        hall.places = 2;
        hall.table.onPlaceFree();
        assertThat(hall.order).containsExactlyInAnyOrder(1, 2);
    }
}
