using System.Xml.Linq;
using PublicDocs;

// The compiler documents internal and private members too. This program removes them from the file.
if (args is not [string assembly, string documentation])
{
    Console.Error.WriteLine("Usage: PublicDocs ASSEMBLY DOCUMENTATION");
    return 2;
}

HashSet<string> visible = VisibleMembers.Read(assembly);
XDocument document = XDocument.Load(documentation, LoadOptions.PreserveWhitespace);
foreach (XElement member in document.Descendants("member").ToList())
{
    if (visible.Contains(member.Attribute("name")?.Value ?? ""))
    {
        continue;
    }

    // Removes the line break and indentation before the member as well.
    if (member.PreviousNode is XText space)
    {
        space.Remove();
    }

    member.Remove();
}

document.Save(documentation, SaveOptions.DisableFormatting);
return 0;
