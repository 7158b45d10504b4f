using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Actors.Architecture.Tests.Reference;

/// <summary>The documentation comments of an assembly, as Markdown.</summary>
internal sealed partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, XmlDocs> Known = new();

    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(Assembly assembly) => _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The comments of an assembly, read once.</summary>
    public static XmlDocs For(Assembly assembly) => Known.GetOrAdd(assembly, static added => new XmlDocs(added));

    /// <summary>The summary of a type.</summary>
    public string SummaryOf(Type type) => Summary($"T:{type.FullName}");

    /// <summary>The summary of a property or field.</summary>
    public string SummaryOf(MemberInfo member) =>
        Summary($"{(member is PropertyInfo ? 'P' : 'F')}:{member.DeclaringType!.FullName!.Replace('+', '.')}.{member.Name}");

    /// <summary>The summary of a method or of one of its overloads; empty when it has none of its own.</summary>
    public string SummaryOf(MethodInfo method) => Summary(IdOf(method));

    /// <summary>The name of the member whose documentation a method inherits by name; empty for none.</summary>
    public string OriginOf(MethodInfo method) =>
        _members.GetValueOrDefault(IdOf(method))?.Element("inheritdoc")?.Attribute("cref") is { } cref
            ? ShortName(cref.Value, method.DeclaringType!.FullName!)
            : "";

    /// <summary>The text for a parameter of a record; empty for none.</summary>
    public string ParameterOf(Type record, string name) =>
        _members.GetValueOrDefault($"T:{record.FullName}")?.Elements("param").FirstOrDefault(
            parameter => parameter.Attribute("name")?.Value == name) is { } found
            ? Space().Replace(Markdown(found, record.FullName!), " ").Trim()
            : "";

    /// <summary>The documented methods of a type by name, with their summaries.</summary>
    public IEnumerable<(string Name, string Summary)> MethodsOf(Type type) =>
        from member in _members.Keys
        let name = MethodName().Match(member)
        where name.Success && name.Groups["type"].Value == type.FullName && type.GetMember(name.Groups["name"].Value).Length > 0
        select (name.Groups["name"].Value + (name.Groups["arity"].Success ? "<T>" : ""), Summary(member));

    private string Summary(string name) =>
        _members.GetValueOrDefault(name)?.Element("summary") is { } summary
            ? Space().Replace(Markdown(summary, OwnerOf(name)), " ").Trim()
            : "";

    private static string Markdown(XElement element, string owner) => string.Concat(element.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "example" } => "",
        XElement reference when reference.Attribute("cref") is { } cref => $"`{ShortName(cref.Value, owner)}`",
        XElement reference when reference.Attribute("langword") is { } word => $"`{word.Value}`",
        XElement reference when reference.Attribute("name") is { } name => $"`{name.Value}`",
        XElement child => Markdown(child, owner),
        XText text => text.Value,
        _ => "",
    }));

    /// <summary>A member with its type, unless that is the documented one; a type without its namespace.</summary>
    private static string ShortName(string cref, string owner)
    {
        var name = Arity().Replace(cref[2..].Split('(')[0], "");
        var parts = name.Split('.');
        return cref[0] == 'T' || name[..name.LastIndexOf('.')] == owner ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    /// <summary>The id of a method in the documentation file.</summary>
    private static string IdOf(MethodInfo method)
    {
        var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var parameters = string.Join(',', method.GetParameters().Select(parameter => IdOf(parameter.ParameterType)));
        return $"M:{method.DeclaringType!.FullName}.{method.Name}{arity}{(parameters.Length > 0 ? $"({parameters})" : "")}";
    }

    private static string IdOf(Type type) => type switch
    {
        { IsByRef: true } => $"{IdOf(type.GetElementType()!)}@",
        { IsArray: true } => $"{IdOf(type.GetElementType()!)}[]",
        { IsGenericMethodParameter: true } => $"``{type.GenericParameterPosition}",
        { IsGenericTypeParameter: true } => $"`{type.GenericParameterPosition}",
        { IsGenericType: true } =>
            $"{type.GetGenericTypeDefinition().FullName!.Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(IdOf))}}}",
        _ => type.FullName!.Replace('+', '.'),
    };

    private static string OwnerOf(string member) =>
        member[0] == 'T' ? member[2..] : member[2..member.Split('(')[0].LastIndexOf('.')];

    [GeneratedRegex(@"^M:(?<type>.+)\.(?<name>\w+)(?<arity>``\d+)?(\(.*\))?$")]
    private static partial Regex MethodName();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
