namespace NetVips;

public static class NetVips
{
    public static int Concurrency { set => Vips.ConcurrencySet(value); }

    public static bool BlockUntrusted { set => Vips.BlockUntrustedSet(value); }
}

public static class Cache
{
    public static int Max { set => Vips.CacheSetMax(value); }
}

/// <summary>With the values that are used, and what leads to them.</summary>
public static class Enums
{
    public enum Access { Random, Sequential }

    public enum FailOn { None, Truncated, Error }

    public enum Interesting { None, Centre }

    public enum Intent { Perceptual }

    public enum Size { Both, Up, Down }
}

/// <summary>Only in signatures.</summary>
public class VOption;

/// <summary>What libvips says.</summary>
public class VipsException : Exception
{
    internal VipsException(string message) : base(message) { }
}
