package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.RecordFraming;
import io.weir.reactive.fault.PassingSubscriber;
import java.util.function.BooleanSupplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * Opens each record: into an array of its own where what comes out of it may be kept, so that elements can be slices of it and
 * nothing that a user keeps is ever overwritten; otherwise into one that is borrowed from the thread and used again, whose
 * memory is in the processor's cache. Loop-confined.
 */
final class FluxRecordOpen extends FluxOperator<RecordFraming, OpenedRecord> {

    private final RecordCipher cipher;
    private final RecordBuffers buffers;
    private final BooleanSupplier keepsRecords;
    private final InboundGate gate;

    /** @param keepsRecords whether the next record wants an array of its own, which is as long as the record */
    FluxRecordOpen(
            Flux<RecordFraming> source,
            RecordCipher cipher,
            RecordBuffers buffers,
            BooleanSupplier keepsRecords,
            InboundGate gate) {
        super(source);
        this.cipher = cipher;
        this.buffers = buffers;
        this.keepsRecords = keepsRecords;
        this.gate = gate;
    }

    @Override
    public void subscribe(CoreSubscriber<? super OpenedRecord> actual) {
        source.subscribe(new OpenSubscriber(actual, this));
    }

    private static final class OpenSubscriber extends PassingSubscriber<RecordFraming, OpenedRecord> {
        private final FluxRecordOpen settings;
        private final OpenedRecord opened = new OpenedRecord();

        OpenSubscriber(CoreSubscriber<? super OpenedRecord> actual, FluxRecordOpen settings) {
            super(actual);
            this.settings = settings;
        }

        @Override
        public void onNext(RecordFraming sealed) {
            int length = sealed.length() - RecordFraming.TAG_BYTES;
            if (settings.keepsRecords.getAsBoolean()) {
                openInto(new byte[length], true, sealed);
                return;
            }
            byte[] borrowed = settings.buffers.borrowPlaintext(length);
            try {
                openInto(borrowed, false, sealed);
            } finally {
                settings.buffers.giveBack(borrowed);
            }
        }

        private void openInto(byte[] plaintext, boolean own, RecordFraming sealed) {
            int length = settings.cipher.openNext(sealed.array(), sealed.offset(), sealed.length(), plaintext, 0);
            if (length < 0) {
                settings.gate.violated(
                        length == RecordCipher.KEY_EXHAUSTED ? ErrorCode.KEY_EXHAUSTED : ErrorCode.DECRYPTION_FAILED,
                        "");
                return;
            }
            opened.set(plaintext, length, own);
            actual.onNext(opened);
        }
    }
}
