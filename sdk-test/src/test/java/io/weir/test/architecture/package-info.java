@NullMarked
package io.weir.test.architecture;

import org.jspecify.annotations.NullMarked;
