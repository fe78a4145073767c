package io.weir.benchmarks.jmh;

import io.weir.core.crypto.CipherSuite;
import io.weir.core.crypto.RecordCipher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sealing and opening one record; the rekeying every 2^20 records is part of sealing. The long warm-up is for the JDK's
 * AES, which is some fifty times slower until the compiler has replaced it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class CipherBenchmark {

    /** The cipher. */
    @Param({"AESGCM", "CHACHAPOLY"})
    public CipherSuite suite = CipherSuite.AESGCM;

    /** Bytes of a record's plaintext. */
    @Param({"64", "1200", "8192", "32768", "65000"})
    public int recordBytes;

    private final byte[] key = new byte[CipherSuite.KEY_LENGTH];
    private RecordCipher sealing = RecordCipher.sealing(suite, key);
    private RecordCipher opening = RecordCipher.opening(suite, key);
    private byte[] plaintext = new byte[0];
    private byte[] ciphertext = new byte[0];
    private byte[][] sealed = new byte[0][];
    private int number;

    /** A benchmark that JMH sets up. */
    public CipherBenchmark() {}

    /** Seals records 0 and 1, which are opened in turn: the JDK refuses one nonce twice in a row to ChaCha20. */
    @Setup
    public void sealFirst() {
        close();
        sealing = RecordCipher.sealing(suite, key);
        opening = RecordCipher.opening(suite, key);
        plaintext = new byte[recordBytes];
        ciphertext = new byte[recordBytes + RecordCipher.OVERHEAD];
        sealed = new byte[2][recordBytes + RecordCipher.OVERHEAD];
        for (byte[] record : sealed) {
            sealing.sealNext(plaintext, 0, recordBytes, record, 0);
        }
    }

    /** Wipes the keys. */
    @TearDown
    public void close() {
        sealing.close();
        opening.close();
    }

    /** Seals the next record. */
    @Benchmark
    public int seal() {
        return sealing.sealNext(plaintext, 0, recordBytes, ciphertext, 0);
    }

    /** Opens one of the two records. */
    @Benchmark
    public int open() {
        number ^= 1;
        byte[] record = sealed[number];
        int opened = opening.open(number, record, 0, record.length, plaintext, 0);
        if (opened != recordBytes) {
            throw new IllegalStateException("opening gave " + opened);
        }
        return opened;
    }
}
