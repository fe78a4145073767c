package io.weir.core.datagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketTest {
    private static final long EPOCH = 1L << 20;
    private static final int WINDOW = 8_192;

    private final PacketPair pair = new PacketPair(CipherSuite.AESGCM);

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void hasTheLayoutOfTheSpecification(CipherSuite suite) {
        byte[] packet = new PacketPair(suite).seal(0x0f_0506, (byte) 7, (byte) 8);
        byte[] header = HexFormat.of().parseHex("08" + "cafe0001" + "00000000000f0506");
        byte[] ciphertext = new byte[18];
        RecordCipher reference = RecordCipher.sealing(suite, PacketPair.KEY);
        reference.seal(0x0f_0506, new byte[] {7, 8}, 0, 2, ciphertext, 0);

        assertThat(packet).hasSize(13 + 2 + 16).startsWith(header).endsWith(ciphertext);
        assertThat(PacketHeader.receiverIndex(packet)).isEqualTo(PacketPair.INDEX);
    }

    @Test
    void opensEachPacketByItselfInAnyOrder() {
        List<byte[]> packets = new ArrayList<>();
        for (int n = 0; n < WINDOW; n++) {
            packets.add(pair.seal(n, (byte) n, (byte) (n >> 8)));
        }
        Collections.shuffle(packets, new Random(1));

        for (byte[] packet : packets) {
            byte[] frames = pair.open(packet);
            long n = pair.opener.number();
            assertThat(frames).containsExactly((byte) n, (byte) (n >> 8));
        }
        assertThat(pair.drops.total()).isZero();
        assertThat(pair.opener.highestNumber()).isEqualTo(WINDOW - 1);
    }

    @Test
    void takesNoPacketTwice() {
        byte[] first = pair.seal(0, (byte) 1);
        byte[] second = pair.seal(1, (byte) 2);
        assertThat(pair.open(first)).isNotNull();
        assertThat(pair.open(second)).isNotNull();

        assertThat(pair.open(first)).isNull();
        assertThat(pair.open(second)).isNull();

        assertThat(pair.drops.of(Drop.REPLAYED)).isEqualTo(2);
    }

    @Test
    void tellsTheNewestNumbersApartAndTakesNoneBelow() {
        byte[] below = pair.seal(0, (byte) 1);
        byte[] lowest = pair.seal(1, (byte) 2);
        assertThat(pair.open(pair.seal(WINDOW, (byte) 3))).isNotNull();

        assertThat(pair.open(below)).isNull();
        assertThat(pair.open(lowest)).isNotNull();

        assertThat(pair.drops.of(Drop.REPLAYED)).isEqualTo(1);
    }

    @Test
    void forgedNumbersMoveNeitherWindowNorKeys() {
        byte[] first = pair.seal(0, (byte) 1);
        for (long number : new long[] {1, WINDOW, EPOCH, 2 * EPOCH, 1L << 59, 1L << 60, Long.MAX_VALUE, -1L}) {
            byte[] forged = first.clone();
            PacketHeader.write(forged, 0, PacketPair.INDEX, number);
            assertThat(pair.open(forged)).as("%d", number).isNull();
        }

        assertThat(pair.opener.highestNumber()).isEqualTo(-1);
        assertThat(pair.drops.of(Drop.NOT_AUTHENTIC)).isEqualTo(8);
        assertThat(pair.open(first)).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, WINDOW, WINDOW + 1, EPOCH - 1})
    void opensTheNextPacketHoweverManyWereLostBeforeIt(long lost) {
        long[] before = {0, 1, EPOCH - 500, EPOCH - 1, EPOCH, 2 * EPOCH - 3};
        for (long last : before) {
            PacketPair fresh = new PacketPair(CipherSuite.AESGCM);
            if (last >= EPOCH) {
                fresh.open(fresh.seal(EPOCH - 1, (byte) 0));
            }
            assertThat(fresh.open(fresh.seal(last, (byte) 1))).isNotNull();

            assertThat(fresh.open(fresh.seal(last + lost + 1, (byte) 2)))
                    .as("%d lost behind %d", lost, last)
                    .containsExactly(2);
        }
    }

    @Test
    void takesLatePacketsOfTheOldKeyForAsLongAsTheWindowReachesThem() {
        byte[] late = pair.seal(EPOCH - 2, (byte) 1);
        byte[] tooLate = pair.seal(EPOCH - 1, (byte) 2);
        assertThat(pair.open(pair.seal(EPOCH, (byte) 3))).isNotNull();
        assertThat(pair.open(pair.seal(EPOCH - 2 + WINDOW - 1, (byte) 4))).isNotNull();

        assertThat(pair.open(late)).containsExactly(1);
        assertThat(pair.open(pair.seal(EPOCH + WINDOW - 1, (byte) 5))).isNotNull();

        assertThat(pair.open(tooLate)).isNull();
        assertThat(pair.drops.of(Drop.REPLAYED)).isEqualTo(1);
    }

    @Test
    void changesKeysWithoutAPauseWhileTheOrderIsBroken() {
        Random random = new Random(3);
        List<byte[]> packets = new ArrayList<>();
        for (long n = EPOCH - 200; n < EPOCH + 200; n++) {
            packets.add(pair.seal(n, (byte) n));
        }
        Collections.shuffle(packets, random);

        assertThat(packets).allSatisfy(packet -> assertThat(pair.open(packet)).isNotNull());
        assertThat(packets).allSatisfy(packet -> assertThat(pair.open(packet)).isNull());
        assertThat(pair.drops.of(Drop.REPLAYED)).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void dropsItCutOffAnywhere(CipherSuite suite) {
        PacketPair cut = new PacketPair(suite);
        byte[] packet = cut.seal(0, new byte[100]);
        for (int length = 0; length < packet.length; length++) {
            assertThat(cut.open(Arrays.copyOf(packet, length)))
                    .as("%d bytes", length)
                    .isNull();
        }

        assertThat(cut.drops.of(Drop.TRUNCATED)).isEqualTo(13 + 1 + 16);
        assertThat(cut.drops.total()).isEqualTo(packet.length);
        assertThat(cut.open(packet)).hasSize(100);
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void dropsItWithAnyBitOfItsNumberOrCiphertextAltered(CipherSuite suite) {
        PacketPair altered = new PacketPair(suite);
        byte[] packet = altered.seal(5, new byte[20]);
        int first = 8 * (PacketHeader.LENGTH - Long.BYTES);
        for (int bit = first; bit < 8 * packet.length; bit++) {
            byte[] wrong = packet.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(altered.open(wrong)).as("bit %d", bit).isNull();
        }

        assertThat(altered.drops.of(Drop.NOT_AUTHENTIC)).isEqualTo(8L * packet.length - first);
        assertThat(altered.open(packet)).hasSize(20);
    }

    @Test
    void takesEveryWholePacketOfWhichATenthIsCorrupted() {
        Random random = new Random(4);
        int opened = 0;
        int corrupted = 0;
        for (int n = 0; n < 10_000; n++) {
            byte[] packet = pair.seal(n, new byte[8]);
            if (random.nextInt(10) == 0) {
                int at = PacketHeader.LENGTH - Long.BYTES; // what is before it is the port's
                packet[at + random.nextInt(packet.length - at)] ^= (byte) (1 + random.nextInt(255));
                corrupted++;
            }
            opened += pair.open(packet) == null ? 0 : 1;
        }

        assertThat(corrupted).isBetween(800, 1_200);
        assertThat(opened).isEqualTo(10_000 - corrupted);
        assertThat(pair.drops.total()).isEqualTo(corrupted);
    }

    @Test
    void refusesToSealNothingOrANumberTwice() {
        pair.seal(3, (byte) 1);

        assertThatIllegalArgumentException().isThrownBy(() -> pair.seal(4)).withMessageContaining("length is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> pair.seal(3, (byte) 1));
    }

    @Test
    void tellsTheEndOfTheNumbersByAResult() {
        assertThat(pair.sealer.seal(1L << 60, new byte[1], 0, 1, new byte[30])).isEqualTo(PacketSealer.EXHAUSTED);
    }

    @Test
    void forgetsItsKeysWhenItIsClosed() {
        byte[] packet = pair.seal(0, (byte) 1);
        pair.opener.close();
        pair.sealer.close();

        assertThatIllegalStateException().isThrownBy(() -> pair.open(packet));
        assertThatIllegalStateException().isThrownBy(() -> pair.seal(1, (byte) 1));
    }

    @Test
    void packetsLieOneBehindTheOther() {
        PacketPair pair = new PacketPair(CipherSuite.AESGCM);
        byte[] frames = {3, 3, 3};
        byte[] both = new byte[100];

        int first = pair.sealer.seal(0, frames, 0, 2, both, 5);
        pair.sealer.seal(1, frames, 0, 3, both, 5 + first);

        byte[] opened = new byte[10];
        assertThat(pair.opener.open(both, 5 + first, 3 + PacketSealer.OVERHEAD, opened))
                .isEqualTo(3);
        assertThat(pair.opener.open(both, 5, first, opened)).isEqualTo(2);
        assertThat(pair.opener.number()).isZero();
        assertThat(pair.drops.total()).isZero();
    }
}
