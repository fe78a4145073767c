package io.weir.samples.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.samples.cli.progress.Progress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file whose size changes under the transfer. */
final class OutgoingFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {OutgoingFile.CHUNK_BYTES, OutgoingFile.CHUNK_BYTES + 1, 100_000})
    void fileThatGrowsWhileItIsSentIsTold(int size) throws Exception {
        Path path = Files.write(folder.resolve("a"), new byte[size]);
        try (OutgoingFile file = OutgoingFile.open(path)) {
            Files.write(path, new byte[1], StandardOpenOption.APPEND);

            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(TransferException.class)
                    .hasMessage("a became longer while it was sent: it had " + size + " bytes; send a copy of it");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {OutgoingFile.CHUNK_BYTES + 1, 100_000})
    void fileThatShrinksWhileItIsSentIsTold(int size) throws Exception {
        Path path = Files.write(folder.resolve("a"), new byte[size]);
        try (OutgoingFile file = OutgoingFile.open(path)) {
            Files.write(path, new byte[size - 1]);

            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(TransferException.class)
                    .hasMessage("a became shorter while it was sent: it had " + size + " bytes; send a copy of it");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, OutgoingFile.CHUNK_BYTES, OutgoingFile.CHUNK_BYTES + 1, 100_000})
    void fileThatStaysHasItsSizeAndOneElementMore(int size) throws Exception {
        Path path = Files.write(folder.resolve("a"), new byte[size]);
        try (OutgoingFile file = OutgoingFile.open(path)) {
            assertThat(file.size()).isEqualTo(size);
            List<ByteBuffer> elements = read(file);

            assertThat(elements.stream().mapToInt(ByteBuffer::remaining).sum()).isEqualTo(size + Sha256.LENGTH);
            assertThat(file.sent()).isEqualTo(size);
        }
    }

    private static List<ByteBuffer> read(OutgoingFile file) {
        return file.elements(Progress.none()).collectList().blockOptional().orElseThrow();
    }
}
