@NullMarked
package io.weir.core.stream;

import org.jspecify.annotations.NullMarked;
