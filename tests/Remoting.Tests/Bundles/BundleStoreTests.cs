using System.Security.Cryptography;
using System.Text;
using Actors.Remoting.Bundles;
using Actors.Testing;

namespace Actors.Remoting.Tests.Bundles;

public sealed class BundleStoreTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly BundleStore _store;

    public BundleStoreTests() => _store = new BundleStore(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void SaveAs_MatchingHash_StoresTheContent()
    {
        Keep(_store, "text");
        Assert.True(_store.HasContent(TestDirectory.HashOf("text"), 4));
        using var content = new StreamReader(_store.OpenContent(TestDirectory.HashOf("text")));
        Assert.Equal("text", content.ReadToEnd());
    }

    [Fact]
    public void SaveAs_OtherHash_ThrowsAndLeavesNothing()
    {
        using (var draft = Write(_store, "other"))
            Assert.Throws<BundleException>(() => draft.SaveAs(TestDirectory.HashOf("text"), HashOf("other")));
        Assert.False(_store.HasContent(TestDirectory.HashOf("text"), 4));
        Assert.False(_store.HasContent(TestDirectory.HashOf("other"), 5));
        Assert.Empty(AllFiles());
        Assert.Empty(OpenFiles.Below(_directory.Path));
    }

    [Fact]
    public void SaveAs_DirectoryInPlaceOfTheFile_ThrowsAndLeavesNothing()
    {
        Directory.CreateDirectory(PathOf("text"));
        Assert.ThrowsAny<IOException>(() => Keep(_store, "text"));
        Assert.Empty(AllFiles());
        Assert.Empty(OpenFiles.Below(_directory.Path));
    }

    [Fact]
    public void HasContent_SymbolicLink_IsFalseAndTheLinkIsReplaced()
    {
        File.WriteAllText(Path.Combine(_directory.Path, "secret"), "1234");
        File.CreateSymbolicLink(PathOf("text"), Path.Combine(_directory.Path, "secret"));

        Assert.False(_store.HasContent(TestDirectory.HashOf("text"), 4));
        Assert.ThrowsAny<IOException>(() => _store.OpenContent(TestDirectory.HashOf("text")));
        Keep(_store, "text");

        Assert.Null(new FileInfo(PathOf("text")).LinkTarget);
        Assert.Equal("1234", File.ReadAllText(Path.Combine(_directory.Path, "secret")));
        Assert.True(_store.HasContent(TestDirectory.HashOf("text"), 4));
    }

    [Fact]
    public void FindManifest_SymbolicLink_IsNullAndTheLinkIsReplaced()
    {
        var manifest = TestDirectory.Manifest();
        _store.SaveManifest(manifest.ComputeId(), manifest);
        var path = Path.Combine(_directory.Path, "manifests", manifest.ComputeId().ToString());
        File.Move(path, path + ".moved");
        File.CreateSymbolicLink(path, path + ".moved");

        Assert.Null(_store.FindManifest(manifest.ComputeId()));
        _store.SaveManifest(manifest.ComputeId(), manifest);

        Assert.NotNull(_store.FindManifest(manifest.ComputeId()));
    }

    [Fact]
    public void MaterializeBundle_SymbolicLinkInPlaceOfTheDirectory_Throws()
    {
        var manifest = TestDirectory.Manifest();
        KeepAll(_store, manifest);
        var elsewhere = Directory.CreateDirectory(Path.Combine(_directory.Path, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "bundles", manifest.ComputeId().ToString()), elsewhere);

        Assert.Contains("symbolic link", Assert.Throws<BundleException>(() => _store.MaterializeBundle(manifest.ComputeId(), manifest))
            .Message, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    /// <summary>A manifest could name small files, and copies of one large file would fill the disk of a node.</summary>
    [Fact]
    public void FindMissing_ContentWithAnotherLength_NamesIt()
    {
        var manifest = TestDirectory.Manifest();
        KeepAll(_store, manifest);
        var small = manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Path = "small", Length = 1 }] };
        Assert.Equal([manifest.Files[0].Content], _store.FindMissing(small));
    }

    [Fact]
    public void Store_AfterAKilledProgram_RemovesItsDraftsOnly()
    {
        using var used = Write(_store, "used");
        var left = new[] { "contents/.0123.part", "manifests/.0123.part" }.Select(path => Path.Combine(_directory.Path, path)).ToList();
        left.ForEach(path => File.WriteAllText(path, "left"));
        var bundle = Directory.CreateDirectory(Path.Combine(_directory.Path, "bundles", "0123")).FullName;
        File.WriteAllText(Path.Combine(bundle, "left.dll"), "left");
        File.WriteAllText(bundle + ".lock", "");

        _ = new BundleStore(_directory.Path);

        Assert.All([.. left, bundle + ".lock"], path => Assert.False(File.Exists(path)));
        Assert.False(Directory.Exists(bundle));
        used.SaveAs(TestDirectory.HashOf("used"), HashOf("used"));
    }

    [Fact]
    public void MeasureUsed_SmallFiles_CountAsMore()
    {
        Keep(_store, "text");
        Assert.Equal(64 << 10, _store.MeasureUsed());
        var large = new string('x', 100_000);
        Keep(_store, large);
        Assert.Equal((64 << 10) + 100_000, _store.MeasureUsed());
    }

    [Fact]
    public void OpenContent_MissingContent_Throws() =>
        Assert.Throws<BundleException>(() => _store.OpenContent(TestDirectory.HashOf("text")));

    [Fact]
    public void FindMissing_ContentOfTwoFiles_NamesItOnce()
    {
        Keep(_store, "a.deps.json");
        var manifest = TestDirectory.Manifest();
        var twice = manifest with { Files = [.. manifest.Files, manifest.Files[0] with { Path = "copy" }] };
        Assert.Equal(2, _store.FindMissing(twice).Count);
    }

    [Fact]
    public void FindManifest_SavedManifest_ReturnsIt()
    {
        var manifest = TestDirectory.Manifest();
        Assert.Null(_store.FindManifest(manifest.ComputeId()));
        _store.SaveManifest(manifest.ComputeId(), manifest);
        Assert.Equal(manifest.ComputeId(), _store.FindManifest(manifest.ComputeId())!.ComputeId());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void FindManifest_TruncatedFile_IsNull(int length)
    {
        var manifest = TestDirectory.Manifest();
        _store.SaveManifest(manifest.ComputeId(), manifest);
        var path = Path.Combine(_directory.Path, "manifests", manifest.ComputeId().ToString());
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);
        Assert.Null(_store.FindManifest(manifest.ComputeId()));
    }

    [Fact]
    public void FindManifest_FileOfAnotherManifest_IsNull()
    {
        _store.SaveManifest(TestDirectory.HashOf("x"), TestDirectory.Manifest());
        Assert.Null(_store.FindManifest(TestDirectory.HashOf("x")));
    }

    [Fact]
    public void MaterializeBundle_Twice_CreatesOneDirectoryWithAllFiles()
    {
        var manifest = TestDirectory.Manifest("runtimes/linux/x.so");
        KeepAll(_store, manifest);
        var first = _store.MaterializeBundle(manifest.ComputeId(), manifest);
        Assert.Equal(first, _store.MaterializeBundle(manifest.ComputeId(), manifest));
        Assert.Equal("a.deps.json", File.ReadAllText(first.DepsFile));
        Assert.Equal("runtimes/linux/x.so", File.ReadAllText(Path.Combine(Path.GetDirectoryName(first.DepsFile)!, "runtimes/linux/x.so")));
        Assert.Single(Directory.GetDirectories(Path.Combine(_directory.Path, "bundles")));
    }

    [Fact]
    public void MaterializeBundle_MissingContent_LeavesNothing()
    {
        var manifest = TestDirectory.Manifest();
        Keep(_store, "a.deps.json");
        Assert.ThrowsAny<Exception>(() => _store.MaterializeBundle(manifest.ComputeId(), manifest));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_directory.Path, "bundles")));
    }

    [Fact]
    public async Task Store_TwoOnOneDirectory_WorkAtOnce()
    {
        var manifest = TestDirectory.Manifest([.. Enumerable.Range(0, 50).Select(i => $"d{i % 5}/{i}")]);
        var stores = new[] { _store, new BundleStore(_directory.Path), new BundleStore(_directory.Path) };
        var paths = await Task.WhenAll(stores.Select(store => Task.Run(() =>
        {
            KeepAll(store, manifest);
            store.SaveManifest(manifest.ComputeId(), manifest);
            return store.MaterializeBundle(manifest.ComputeId(), manifest);
        })));
        Assert.Single(paths.Distinct());
        Assert.DoesNotContain(AllFiles(), file => file.Contains(".part", StringComparison.Ordinal));
        Assert.Equal(53, Directory.GetFiles(Path.GetDirectoryName(paths[0].DepsFile)!, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Store_Directories_AreAccessibleByTheirOwnerOnly()
    {
        var manifest = TestDirectory.Manifest("sub/x");
        KeepAll(_store, manifest);
        _store.MaterializeBundle(manifest.ComputeId(), manifest);
        if (OperatingSystem.IsWindows())
            return;
        foreach (var directory in Directory.GetDirectories(_directory.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    private string[] AllFiles() => Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories);

    [Fact]
    public void FreeSpace_StoreIsFull_RemovesTheLeastRecentlyUsedBundleThatIsNotUsed()
    {
        // Another program, with the same directory.
        var other = new BundleStore(_directory.Path);
        var store = new BundleStore(_directory.Path) { Space = 13 * (64 << 10) };
        var bundles = new[] { TestDirectory.Manifest("one"), TestDirectory.Manifest("two"), TestDirectory.Manifest("three") };
        foreach (var bundle in bundles)
        {
            KeepAll(store, bundle);
            store.SaveManifest(bundle.ComputeId(), bundle);
            store.MaterializeBundle(bundle.ComputeId(), bundle);
            store.TryUseBundle(bundle.ComputeId())!.Dispose();
        }

        // Six contents and three manifests are stored; the first bundle is used, and the second is the next.
        using (other.TryUseBundle(bundles[0].ComputeId()))
        {
            File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "uses", bundles[0].ComputeId().ToString()), DateTime.UnixEpoch);
            store.FreeSpace(5 * (64 << 10), []);
            Assert.NotNull(store.FindManifest(bundles[0].ComputeId()));
            Assert.Null(store.FindManifest(bundles[1].ComputeId()));
            Assert.NotNull(store.FindManifest(bundles[2].ComputeId()));
            Assert.False(store.HasContent(TestDirectory.HashOf("two")));
            Assert.True(store.HasContent(TestDirectory.HashOf("a.deps.json")));
            Assert.False(Directory.Exists(Path.Combine(_directory.Path, "bundles", bundles[1].ComputeId().ToString())));
            Assert.DoesNotContain(AllFiles(), file => file.Contains(bundles[1].ComputeId().ToString(), StringComparison.Ordinal));
        }

        store.FreeSpace(13 * (64 << 10), []);
        Assert.All(bundles, bundle => Assert.Null(store.FindManifest(bundle.ComputeId())));
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory.Path, "contents")));
    }

    [Fact]
    public void FreeSpace_EnoughSpace_RemovesNothing()
    {
        var bundle = TestDirectory.Manifest();
        KeepAll(_store, bundle);
        _store.SaveManifest(bundle.ComputeId(), bundle);
        _store.FreeSpace(1 << 20, []);
        Assert.NotNull(_store.FindManifest(bundle.ComputeId()));
    }

    private static void KeepAll(BundleStore store, Actors.Messages.Bundles.BundleManifest manifest)
    {
        foreach (var file in manifest.Files)
            Keep(store, file.Path);
    }

    private string PathOf(string text) => Path.Combine(_directory.Path, "contents", TestDirectory.HashOf(text).ToString());

    private static void Keep(BundleStore store, string text)
    {
        using var draft = Write(store, text);
        draft.SaveAs(TestDirectory.HashOf(text), HashOf(text));
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static ContentDraft Write(BundleStore store, string text)
    {
        var draft = store.CreateDraft();
        draft.Stream.Write(Encoding.UTF8.GetBytes(text));
        return draft;
    }
}
