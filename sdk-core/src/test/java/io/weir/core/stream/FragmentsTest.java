package io.weir.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.credit.SendCredit;
import io.weir.core.wire.FrameOverhead;
import io.weir.core.wire.FrameWriter;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How an element is cut, at the limits of credit and of the record. */
class FragmentsTest {

    private static final int TARGET = FrameWriter.RECORD_TARGET;
    private static final long HANDLE = 3;

    private final Fragments fragments = new Fragments();
    private final SendCredit credit = new SendCredit(1 << 20);
    private final FrameWriter record = new FrameWriter(TARGET, FrameWriter.RECORD_MAX);

    // ---- credit

    @Test
    void anElementThatFillsTheWindowWaitsForAllOfItToBeFree() {
        SendCredit narrow = new SendCredit(1_000);
        narrow.spend(16);

        assertThat(fragments.write(record, HANDLE, narrow, ByteBuffer.allocate(984)))
                .isEqualTo(Write.NO_CREDIT);
        assertThat(record.isEmpty()).isTrue();
        assertThat(fragments.write(record, HANDLE, narrow, ByteBuffer.allocate(985)))
                .isEqualTo(Write.NO_CREDIT);
        assertThat(record.isEmpty()).as("it never fits as a whole").isFalse();
    }

    @Test
    void nothingIsWrittenOfTheRestWithoutCredit() {
        SendCredit narrow = new SendCredit(1_000);
        ByteBuffer element = ByteBuffer.allocate(5_000);
        assertThat(fragments.write(record, HANDLE, narrow, element)).isEqualTo(Write.NO_CREDIT);
        int position = record.position();

        assertThat(fragments.write(record, HANDLE, narrow, element)).isEqualTo(Write.NO_CREDIT);

        assertThat(record.position()).isEqualTo(position);
        assertThat(element.position()).isEqualTo(984);
        assertThat(narrow.sent()).isEqualTo(1_000);
    }

    @Test
    void theNextElementMayBeginWhenOneIsDone() {
        for (int i = 0; i < 2; i++) {
            ByteBuffer element = ByteBuffer.allocate(40_000);
            assertThat(fragments.write(record, HANDLE, credit, element)).isEqualTo(Write.RECORD_FULL);
            assertThat(fragments.inProgress()).isTrue();
            record.reset();
            assertThat(fragments.write(record, HANDLE, credit, element)).isEqualTo(Write.DONE);
            assertThat(fragments.inProgress()).isFalse();
            record.reset();
        }
        assertThat(credit.sent()).isEqualTo(2 * 40_016);
    }

    // ---- the record

    @Test
    void aFragmentFillsItsRecordAndNoMore() {
        ByteBuffer element = ByteBuffer.allocate(100_000);
        while (fragments.write(record, HANDLE, credit, element) != Write.DONE) {
            assertThat(record.position()).isBetween(TARGET - 4, TARGET);
            record.reset();
        }
    }

    @Test
    void aRestOfARecordIsUsedFromAKilobyteUp() {
        int header = FrameOverhead.fragment(HANDLE, true, false, 100_000, 100_000);
        fill(TARGET - header - 1_023);
        assertThat(fragments.write(record, HANDLE, credit, ByteBuffer.allocate(100_000)))
                .isEqualTo(Write.RECORD_FULL);
        assertThat(fragments.inProgress()).isFalse();

        fill(TARGET - header - 1_024);
        assertThat(fragments.write(record, HANDLE, credit, ByteBuffer.allocate(100_000)))
                .isEqualTo(Write.RECORD_FULL);
        assertThat(fragments.inProgress()).isTrue();
    }

    @Test
    void aShortElementIsWrittenIfAllOfItFits() {
        int header = FrameOverhead.fragment(HANDLE, true, false, 10, 10);
        fill(TARGET - header - 9);
        assertThat(fragments.write(record, HANDLE, credit, ByteBuffer.allocate(10)))
                .isEqualTo(Write.RECORD_FULL);
        assertThat(fragments.inProgress()).isFalse();

        fill(TARGET - header - 10);
        assertThat(fragments.write(record, HANDLE, credit, ByteBuffer.allocate(10)))
                .isEqualTo(Write.DONE);
    }

    @Test
    void smallRecordsCarryWhatTheyCan() {
        FrameWriter small = new FrameWriter(100, 100);
        ByteBuffer element = ByteBuffer.allocate(2_000);
        int records = 1;
        while (fragments.write(small, HANDLE, credit, element) != Write.DONE) {
            small.reset();
            assertThat(records++).isLessThan(30);
        }
        assertThat(records).isGreaterThan(20);
    }

    @Test
    void aRecordWithRoomForAHeaderCarriesTheTotalAloneAndElseNothing() {
        int header = FrameOverhead.fragment(HANDLE, true, false, 1_000, 0);
        FrameWriter tiny = new FrameWriter(header, header);
        SendCredit least = new SendCredit(16);
        assertThat(fragments.write(tiny, HANDLE, least, ByteBuffer.allocate(1_000)))
                .isEqualTo(Write.NO_CREDIT);
        assertThat(tiny.position()).as("so that more may be granted").isEqualTo(header);
        assertThat(fragments.inProgress()).isTrue();

        fragments.clear();
        int wider = FrameOverhead.fragment(HANDLE, true, false, 1_000, 1_000);
        FrameWriter full = new FrameWriter(wider, wider);
        assertThat(fragments.write(full, HANDLE, credit, ByteBuffer.allocate(1_000)))
                .isEqualTo(Write.RECORD_FULL);
        assertThat(full.isEmpty()).isTrue();
        assertThat(fragments.inProgress()).isFalse();
    }

    /** A record of which so many bytes are written. */
    private void fill(int bytes) {
        record.reset();
        int length = bytes - FrameOverhead.data(HANDLE, bytes);
        assertThat(record.beginData(HANDLE, length)).isTrue();
        record.payload().put(new byte[length]);
        record.endData();
        assertThat(record.position()).isEqualTo(bytes);
    }
}
