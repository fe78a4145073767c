package io.weir.test.rogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page for users, {@code docs-site/hostile-peers.md}: each of its rows is proved by a test. */
class HostilePeersPageTest {

    private static final Path PAGE = Path.of("..", "docs-site", "hostile-peers.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+) \\| (.+) \\| `(\\w+)\\.(\\w+)` \\|$", Pattern.MULTILINE);
    private static final Pattern TABLE_LINE =
            Pattern.compile("^\\|(?!---)(?! (?:a peer|anybody) \\|).*$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile(": ([A-Z]+(?:_[A-Z]+)*)\\b");

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    @Test
    void everyLineOfATableNamesATest() throws IOException {
        assertThat(ROW.matcher(page()).results().count())
                .isEqualTo(TABLE_LINE.matcher(page()).results().count())
                .isGreaterThan(50);
    }

    @Test
    void everyRowIsProvedByTheTestThatItNames() throws IOException {
        List<String> unproved = ROW.matcher(page())
                .results()
                .filter(row -> !isTest(row.group(3), row.group(4)))
                .map(row -> row.group(3) + "." + row.group(4))
                .toList();
        assertThat(unproved).isEmpty();
    }

    @Test
    void everyCodeIsOne() throws IOException {
        List<String> codes = ROW.matcher(page())
                .results()
                .flatMap(row -> CODE.matcher(row.group(2)).results())
                .map(code -> code.group(1))
                .toList();
        assertThat(codes)
                .hasSizeGreaterThan(30)
                .allSatisfy(code -> assertThat(ErrorCode.valueOf(code)).isNotNull());
    }

    private static boolean isTest(String type, String method) {
        try {
            return Arrays.stream(Class.forName(HostilePeersPageTest.class.getPackageName() + "." + type)
                            .getDeclaredMethods())
                    .filter(candidate -> candidate.getName().equals(method))
                    .anyMatch(HostilePeersPageTest::isTest);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }
}
