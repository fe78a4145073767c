package io.weir.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.wire.FrameReader.Kind;
import io.weir.core.wire.HelloSetting.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of HELLO's settings is what the record, the codec and the protocol page go by. */
class HelloSettingTest {

    @Test
    void documentationPrintsTheTable() throws IOException {
        List<String> expected = new ArrayList<>(
                List.of("| id | setting | value | range | absent means | what it says |", "|---|---|---|---|---|---|"));
        for (HelloSetting setting : HelloSetting.values()) {
            expected.add("| %d | %s | %s | %s | %s | %s |"
                    .formatted(
                            setting.number(),
                            setting.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                            form(setting),
                            setting.form() == Form.VARINT ? grouped(setting.least()) + " to 2^62 - 1" : "any",
                            setting.hasDefault() ? grouped(setting.absent()) : "none",
                            setting.description()));
        }

        List<String> printed = Files.readAllLines(page()).stream()
                .dropWhile(line -> !line.startsWith("| id | setting"))
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(printed).as("the table in docs-site/protocol.md").isEqualTo(expected);
    }

    @Test
    void numbersAreUniqueAndFindTheirSetting() {
        assertThat(HelloSetting.values()).extracting(HelloSetting::number).doesNotHaveDuplicates();
        for (HelloSetting setting : HelloSetting.values()) {
            assertThat(HelloSetting.of(setting.number())).isEqualTo(setting);
        }
        assertThat(HelloSetting.of(0)).isNull();
        assertThat(HelloSetting.of(HelloSetting.values().length + 1)).isNull();
        assertThat(HelloSetting.of((1L << 32) + HelloSetting.OPEN_LIMIT.number()))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource
    void theDefaultsAreWhatAbsenceMeans(HelloSetting setting) {
        assertThat(Hello.defaults().value(setting)).isEqualTo(setting.absent());
        assertThat(Hello.defaults().says(setting)).isEqualTo(setting.hasDefault());
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheRangeCanBeBuilt(HelloSetting setting) {
        assertThatCode(() -> with(setting, setting.least())).doesNotThrowAnyException();
        assertThatCode(() -> with(setting, setting.most())).doesNotThrowAnyException();
        if (setting.form() == Form.U64) {
            return;
        }
        long below = setting.least() - (setting.least() - 1 == setting.absent() ? 2 : 1);
        assertThatThrownBy(() -> with(setting, below)).hasMessageContaining(refusal(setting, below));
        assertThatThrownBy(() -> with(setting, setting.most() + 1))
                .hasMessageContaining(refusal(setting, setting.most() + 1));
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheRangeCanBeRead(HelloSetting setting) {
        assertThat(read(setting, setting.least())).isEqualTo(with(setting, setting.least()));
        assertThat(read(setting, setting.most())).isEqualTo(with(setting, setting.most()));
        if (setting.form() != Form.U64 && setting.least() > 0) {
            assertThat(read(setting, setting.least() - 1)).isNull();
        }
        if (setting.form() == Form.BYTES) {
            assertThat(read(setting, setting.most() + 1)).isNull();
            assertThat(read(setting, 0)).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachComesBackAlone(HelloSetting setting) {
        Hello hello = with(setting, setting.form() == Form.BYTES ? setting.least() : 5_000);
        FrameWriter out = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);

        assertThat(out.write(hello)).isTrue();

        assertThat(read(out.array(), out.position())).isEqualTo(hello);
        for (HelloSetting other : HelloSetting.values()) {
            assertThat(hello.value(other) != other.absent()).as("%s", other).isEqualTo(other == setting);
        }
    }

    private static String refusal(HelloSetting setting, long value) {
        return setting.field() + " is " + value + ", must be " + setting.least() + " to " + setting.most();
    }

    private static Hello with(HelloSetting setting, long value) {
        return setting.form() == Form.BYTES
                ? Hello.defaults().withPskMac(Bytes.copyOf(new byte[(int) value]))
                : Hello.defaults().with(setting, value);
    }

    /** What a HELLO with that setting alone is read as; null if it is malformed. */
    private static Frame read(HelloSetting setting, long value) {
        byte[] array = new byte[64];
        ByteSink out = new ByteSink(array);
        out.reset(0, array.length);
        out.varInt(FrameType.HELLO.number());
        out.varInt(1);
        out.varInt(setting.number());
        switch (setting.form()) {
            case VARINT -> {
                out.varInt(VarInt.length(value));
                out.varInt(value);
            }
            case U64 -> {
                out.varInt(Long.BYTES);
                out.u64(value);
            }
            case BYTES -> out.bytes(new byte[(int) value]);
        }
        return read(array, out.position());
    }

    private static Frame read(byte[] array, int length) {
        FrameReader in = new FrameReader().reset(array, 0, length);
        return in.next() == Kind.FRAME ? in.frame() : null;
    }

    private static String form(HelloSetting setting) {
        return switch (setting.form()) {
            case VARINT -> "v";
            case U64 -> "u64";
            case BYTES -> setting.least() + " bytes";
        };
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** The page, from the module's directory or the project's, whichever the tests run in. */
    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        Path beside = here.resolve("docs-site/protocol.md");
        return Files.exists(beside) ? beside : here.resolveSibling("docs-site").resolve("protocol.md");
    }
}
