@NullMarked
package io.weir.core.list;

import org.jspecify.annotations.NullMarked;
