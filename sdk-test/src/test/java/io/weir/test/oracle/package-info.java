@NullMarked
package io.weir.test.oracle;

import org.jspecify.annotations.NullMarked;
