package io.weir.reactive.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatagramRoomTest {

    private static final int PAYLOAD = 1_000 - DatagramRoom.OVERHEAD_BYTES;

    private final DatagramRoom room = new DatagramRoom();

    @Test
    void nothingIsKnownAtFirstAndNothingWaits() {
        assertThat(room.isUnknown()).isTrue();
        assertThat(room.isThere()).isFalse();
        assertThat(room.isNothingWaiting()).isTrue();
    }

    @Test
    void thereIsRoomUntilTheWindowIsUsedUp() {
        room.learn(2_500);
        for (int i = 0; i < 3; i++) {
            assertThat(room.isThere()).isTrue();
            room.spend(PAYLOAD);
        }
        assertThat(room.isThere()).isFalse();
        assertThat(room.isUnknown())
                .as("asking again before something was read tells the same")
                .isFalse();
    }

    @Test
    void oneThatWasMoreThanTheRoomMayWait() {
        room.learn(2_000);
        room.spend(PAYLOAD);
        room.spend(PAYLOAD);
        assertThat(room.isNothingWaiting()).isTrue();

        room.learn(1_500);
        room.spend(PAYLOAD);
        room.spend(PAYLOAD);
        assertThat(room.isNothingWaiting()).isFalse();
    }

    @Test
    void whatWaitsGoesFirstWhenThereIsRoomAgain() {
        room.learn(500);
        room.spend(PAYLOAD);
        room.onRead();
        assertThat(room.isUnknown()).isTrue();
        assertThat(room.isNothingWaiting()).as("nobody knows").isFalse();

        room.learn(400);
        assertThat(room.isNothingWaiting()).isFalse();
        room.onRead();
        room.learn(5_000);

        assertThat(room.isNothingWaiting()).isTrue();
        for (int i = 0; i < 5; i++) {
            assertThat(room.isThere()).isTrue();
            room.spend(PAYLOAD);
        }
        assertThat(room.isThere())
                .as("100 of the 5,000 bytes were for what had waited")
                .isFalse();
    }

    @Test
    void streamsUseTheSameWindowAndMakeNoDatagramWait() {
        room.learn(5_000);
        room.spendOnStreams(1_000_000);

        assertThat(room.isThere()).isFalse();
        assertThat(room.isNothingWaiting()).isTrue();
    }

    @Test
    void whatAReadTellsTwiceCountsOnce() {
        room.learn(500);
        room.spend(PAYLOAD);
        room.onRead();
        room.onRead();
        room.learn(500);
        assertThat(room.isNothingWaiting()).isTrue();
    }
}
