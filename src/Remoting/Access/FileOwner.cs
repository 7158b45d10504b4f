using System.Runtime.InteropServices;

namespace Actors.Remoting.Access;

/// <summary>Which user a file belongs to; .NET does not tell.</summary>
internal static partial class FileOwner
{
    /// <summary>Linux's structure of the same name; before the user it has 20 bytes.</summary>
    private const int StatxLength = 256;
    private const int UserOffset = 20;
    private const int CurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const uint UserMask = 8;

    /// <summary>The user that a file or directory belongs to, if it is not this process's; null where that cannot be told.</summary>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    public static uint? OfOther(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> status = stackalloc byte[StatxLength];
        if (Statx(CurrentDirectory, path, DoNotFollow, UserMask, status) != 0)
            throw new IOException($"{path} cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}.");
        var owner = BitConverter.ToUInt32(status[UserOffset..]);
        return owner == EffectiveUser() ? null : owner;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
