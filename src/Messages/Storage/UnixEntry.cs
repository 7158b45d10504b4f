using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Actors.Messages.Storage;

/// <summary>The metadata of a file or directory on Linux: owner, group, mode, number of hard links, and identity.</summary>
public readonly partial record struct UnixEntry(uint Owner, uint Group, ushort Mode, uint HardLinks, ulong Inode, ulong Device)
{
    private const ushort TypeMask = 0xF000;
    private const ushort LinkType = 0xA000;
    private const ushort FileType = 0x8000;
    private const ushort StickyBit = 0x0200;

    private const int CurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7FF;

    /// <summary>The effective user of this process.</summary>
    public static uint User { get; } = OperatingSystem.IsLinux() ? EffectiveUser() : 0;

    public bool IsLink => (Mode & TypeMask) == LinkType;

    public bool IsFile => (Mode & TypeMask) == FileType;

    /// <summary>Whether only their owners can remove the entries of this directory.</summary>
    public bool IsSticky => (Mode & StickyBit) != 0;

    /// <summary>Whether the owner is the user of this process or root.</summary>
    public bool IsOwnedByUserOrRoot => Owner == 0 || Owner == User;

    /// <summary>The permissions.</summary>
    public UnixFileMode Rights => (UnixFileMode)(Mode & 0x1FF);

    /// <summary>The mode in octal digits: <c>0700</c>.</summary>
    public string RightsText => "0" + Convert.ToString(Mode & 0xFFF, 8).PadLeft(3, '0');

    /// <summary>
    /// Whether users other than a given user and root can write. Many distributions give each user a private group with the same number and
    /// a umask of 002; this group counts as the user. Root's group has no other members.
    /// </summary>
    public bool IsWritableByOthers(uint user) =>
        (Rights & UnixFileMode.OtherWrite) != 0 || ((Rights & UnixFileMode.GroupWrite) != 0 && Group != 0 && Group != user);

    /// <summary>Reads the entry at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follows">Whether to follow a link.</param>
    /// <returns>The entry; null if it does not exist or the system does not support this.</returns>
    public static UnixEntry? FromPath(string path, bool follows = false) =>
        OperatingSystem.IsLinux() && ReadStatus(CurrentDirectory, path, follows ? 0 : DoNotFollow, BasicFields, out var status) == 0
            ? FromHandle(status)
            : null;

    /// <summary>Reads the entry of an open file.</summary>
    public static UnixEntry? FromHandle(SafeFileHandle file) =>
        OperatingSystem.IsLinux() && ReadStatus(file, "", EmptyPath, BasicFields, out var status) == 0 ? FromHandle(status) : null;

    private static UnixEntry FromHandle(StatusBuffer status) =>
        new(status.Owner, status.Group, status.Mode, status.HardLinks, status.Inode,
            ((ulong)status.DeviceMajor << 32) | status.DeviceMinor);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int directory, string path, int flags, uint mask, out StatusBuffer status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(SafeFileHandle file, string path, int flags, uint mask, out StatusBuffer status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    /// <summary>The <c>struct statx</c> of the system, which is the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct StatusBuffer
    {
        [FieldOffset(16)]
        public readonly uint HardLinks;

        [FieldOffset(20)]
        public readonly uint Owner;

        [FieldOffset(24)]
        public readonly uint Group;

        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(136)]
        public readonly uint DeviceMajor;

        [FieldOffset(140)]
        public readonly uint DeviceMinor;
    }
}
